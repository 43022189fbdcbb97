/** `deep`: the deep probe of one recurrent layer. */

import { shorten } from "../config/shorten.ts";
import { deepProbe } from "../engine/deep/deepProbe.ts";
import { cliWords } from "../messages/cli.ts";
import type { DeepResult } from "../protocol/deep.ts";
import { type ConfigFile, problemLines, readConfigFile, selectModels } from "./configFile.ts";
import { type ExitCode, exitCodes } from "./exitCodes.ts";
import type { Io, Output } from "./io.ts";
import { jsonVersion } from "./json.ts";
import type { BackendChoice } from "./options.ts";
import { refuse } from "./refuse.ts";
import { deepReport } from "./report/deepReport.ts";
import { startBackend } from "./startBackend.ts";

export interface DeepCommand {
  readonly config: string | undefined;
  /** Name of the model; null for the config's only one. */
  readonly model: string | null;
  readonly layer: string | null;
  readonly steps: number;
  readonly backend: BackendChoice;
  /** See BackendRequest. */
  readonly allowNative: string | null;
  readonly json: boolean;
}

export async function deep(command: DeepCommand, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const read = readConfigFile(command.config, io.cwd);
  if ("message" in read) return await refuse([read.message], io);
  const { file } = read;
  const selection = selectModels(file, command.model === null ? [] : [command.model]);
  if ("message" in selection) return await refuse([selection.message], io);
  if ("problems" in selection)
    return await refuse(
      selection.problems.map((p) => problemLines(file, p)),
      io,
    );
  // The choice is not clear while another model has errors.
  if (command.model === null && selection.faults.length > 0)
    return await refuse(
      selection.faults.map((p) => problemLines(file, p)),
      io,
    );
  const [model] = selection.models;
  if (!model || selection.models.length > 1) {
    const names = selection.models.slice(0, 15).map((m) => shorten(m.name));
    const more = selection.models.length > names.length ? ", …" : "";
    return await refuse([cliWords().nameOne({ file: file.name, names: `${names.join(", ")}${more}` })], io);
  }
  const backend = await startBackend(command, io.cwd);
  if (typeof backend === "string") return await refuse([backend], io, exitCodes.engine);

  const outcome = await deepProbe(
    { model, configPath: file.path, layer: command.layer, steps: command.steps },
    progressOn(io.err, model.name),
    signal,
  );
  if (io.err.tty) await io.err.write("\r\u001b[2K");
  if ("result" in outcome) {
    await io.out.write(command.json ? jsonOf(file, outcome.result) : deepReport(outcome.result, io.out));
    return exitCodes.fine;
  }
  switch (outcome.end.kind) {
    case "refused":
      return await refuse(
        outcome.end.problems.map((p) => problemLines(file, p)),
        io,
      );
    case "failed":
      return await refuse(
        [cliWords().deepFailed({ model: model.name, reason: outcome.end.message })],
        io,
        exitCodes.engine,
      );
    case "cancelled":
    case "budget":
    case "diverged":
      return exitCodes.interrupted;
  }
}

/** One line that is overwritten on a terminal, else a line for each stage. */
function progressOn(err: Output, model: string): (stage: string, share: number) => void {
  let shown = "";
  return (stage, share) => {
    if (err.tty) void err.write(`\r\u001b[2K${model}  ${stage} ${Math.round(100 * share)} %`);
    else if (stage !== shown) void err.write(`${cliWords().stage({ model, stage })}\n`);
    shown = stage;
  };
}

/** JSON with arrays as lists, and non-finite numbers as the strings of their names. */
function jsonOf(file: ConfigFile, result: DeepResult): string {
  const text = JSON.stringify({ version: jsonVersion, config: file.path, ...result }, (_, v: unknown) => {
    if (v instanceof Float64Array) return [...v];
    return typeof v === "number" && !Number.isFinite(v) ? String(v) : v;
  });
  return `${text}\n`;
}
