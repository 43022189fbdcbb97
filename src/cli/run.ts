/** `probe`, `train` and `check`: measures the models of a config and reports the findings. */

import path from "node:path";
import type { Problem } from "../config/problem.ts";
import type { ResolvedModel } from "../config/resolved.ts";
import { shorten, shortMessage } from "../config/shorten.ts";
import { cliWords } from "../messages/cli.ts";
import type { Severity } from "../protocol/finding.ts";
import { severities } from "../protocol/finding.ts";
import type { BackendInfo, RunKind } from "../protocol/run.ts";
import { type ConfigFile, fixLine, problemLines, problemText, readConfigFile, selectModels } from "./configFile.ts";
import { type ExitCode, exitCodes, gravest } from "./exitCodes.ts";
import type { Io } from "./io.ts";
import { jsonPieces, jsonVersion, type PlacedError, refusedPieces, unplaced } from "./json.ts";
import { keepReport } from "./keepReport.ts";
import { measure } from "./measure.ts";
import type { Measured } from "./measured.ts";
import type { BackendChoice } from "./options.ts";
import { makeOutFolders, type OutFolder, releaseOutFolders } from "./out/outFolder.ts";
import { RunWriter } from "./out/runWriter.ts";
import type { RunSummaryFile } from "./out/summaryFile.ts";
import { progressOn } from "./progress.ts";
import { comparedRun, report } from "./report/report.ts";
import { sarifOf } from "./sarif.ts";
import { startBackend } from "./startBackend.ts";
import { problemPlace, textPlace } from "./textPlace.ts";

export interface RunCommand {
  readonly kind: RunKind;
  readonly config: string | undefined;
  /** Names of the models; empty for all. */
  readonly models: readonly string[];
  readonly steps: number | null;
  /** Milliseconds for each model; null without a limit. */
  readonly budget: number | null;
  /** Whether a training run goes on from its last checkpoint. */
  readonly resume: boolean;
  readonly backend: BackendChoice;
  /** See BackendRequest. */
  readonly allowNative: string | null;
  readonly json: boolean;
  /** Prints SARIF instead of the report; not combined with `json`. */
  readonly sarif: boolean;
  /** Folder to write the runs into; null for none. */
  readonly out: string | null;
  /** Severity from which the exit code is 1; null if findings do not affect it. */
  readonly failOn: Severity | null;
}

export async function run(command: RunCommand, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const read = readConfigFile(command.config, io.cwd);
  if ("message" in read) return await refuse(command, io, command.config ?? "gradlens.json", [read.message]);
  const { file } = read;
  const selection = selectModels(file, command.models);
  if ("message" in selection) return await refuse(command, io, file.path, [selection.message]);
  if ("problems" in selection)
    return await refuse(
      command,
      io,
      file.path,
      selection.problems.map((p) => placed(file, p)),
    );
  for (const problem of [...selection.faults, ...selection.warnings])
    await io.err.write(`${problemLines(file, problem)}\n`);

  const backend = await startBackend(command, io.cwd);
  if (typeof backend === "string") return await refuse(command, io, file.path, [backend], exitCodes.engine);

  const names = selection.models.map((m) => m.name);
  const homes = [io.cwd, path.dirname(file.path)];
  const folders = command.out === null ? [] : await makeOutFolders(path.resolve(io.cwd, command.out), names, homes);
  if ("message" in folders) return await refuse(command, io, file.path, [folders.message]);
  try {
    return await runInto(folders, selection, { command, file, backend }, io, signal);
  } finally {
    releaseOutFolders(folders);
  }
}

interface Sound {
  readonly models: readonly ResolvedModel[];
  /** Errors of the models that are not sound. */
  readonly faults: readonly Problem[];
}

interface RunContext {
  readonly command: RunCommand;
  readonly file: ConfigFile;
  readonly backend: BackendInfo;
}

/** @param folders folders of the models, in their order; empty if nothing is written. */
async function runInto(
  folders: readonly OutFolder[],
  { models, faults }: Sound,
  { command, file, backend }: RunContext,
  io: Io,
  signal: AbortSignal,
): Promise<ExitCode> {
  const progress = progressOn(io.err);
  const results: Measured[] = [];
  const unwritten: string[] = [];
  const faultErrors = faults.map((p) => placed(file, p));
  for (const [i, model] of models.entries()) {
    if (signal.aborted) break;
    const folder = folders[i]?.folder;
    const content = { config: { path: file.path, text: file.text }, model };
    const writer =
      folder === undefined ? null : new RunWriter(folder, content, (at) => textPlace(file, at), command.resume);
    const checkpoints = command.kind === "train" ? ({ checkpoints: command.resume ? "resume" : "write" } as const) : {};
    const stepped = keepReport(
      (text) => io.keep(text),
      (present) => outputOf([...results, present], faultErrors, { command, file }, io),
    );
    const options = {
      ...command,
      ...checkpoints,
      backend,
      configPath: file.path,
      keepFrames: command.json,
      writer,
      stepped,
    };
    const measured = await measure(model, options, progress, signal);
    results.push(measured);
    writer?.ended(measured, summaryOf(measured, file));
    if (writer && writer.failure !== null)
      unwritten.push(cliWords().incomplete({ folder: writer.folder, reason: writer.failure }));
  }
  for (const message of unwritten) await io.err.write(`${message}\n`);
  // Models that share their data share the remarks on them.
  const oddities = new Set(results.flatMap((r) => r.warnings.map((p) => problemLines(file, p))));
  for (const oddity of oddities) await io.err.write(`${oddity}\n`);
  // Models that share a layer share its problems.
  const refusals = [...new Map(results.flatMap((r) => errorsOf(r, file)).map((e) => [linesOf(e), e])).values()];
  const errors = [...faultErrors, ...refusals];
  for (const error of refusals) await io.err.write(`${linesOf(error)}\n`);
  for (const piece of outputOf(results, errors, { command, file }, io)) await io.out.write(piece);
  const interrupted = signal.aborted ? [exitCodes.interrupted] : [];
  const failed = unwritten.length > 0 ? [exitCodes.engine] : [];
  const faulty = faults.length > 0 ? [exitCodes.usage] : [];
  return gravest([...failed, ...faulty, ...interrupted, ...results.map((r) => codeOf(r, command.failOn))]);
}

/** The output for stdout: the report in the requested form, in pieces. */
function outputOf(
  results: readonly Measured[],
  errors: readonly PlacedError[],
  { command, file }: Pick<RunContext, "command" | "file">,
  io: Io,
): Iterable<string> {
  if (command.json) return jsonPieces({ config: file.path, results, placeOf: (at) => textPlace(file, at), errors });
  if (command.sarif)
    return [
      sarifOf(
        file,
        results,
        errors.map(({ message }) => message),
      ),
    ];
  return results.some((r) => r.history) ? [report(results, file, io.out)] : [];
}

async function refuse(
  command: RunCommand,
  io: Io,
  config: string,
  messages: readonly (string | PlacedError)[],
  code: ExitCode = exitCodes.usage,
): Promise<ExitCode> {
  const errors = messages.map((m) => (typeof m === "string" ? unplaced(m) : m));
  for (const error of errors) await io.err.write(`${linesOf(error)}\n`);
  if (command.json) for (const piece of refusedPieces(config, errors)) await io.out.write(piece);
  if (command.sarif)
    await io.out.write(
      sarifOf(
        null,
        [],
        errors.map(({ message }) => message),
      ),
    );
  return code;
}

function placed(file: ConfigFile, problem: Problem): PlacedError {
  return { message: problemText(file, problem), place: problemPlace(file, problem), fixes: problem.fixes ?? [] };
}

function linesOf({ message, fixes }: PlacedError): string {
  return [message, ...fixes.map(fixLine)].join("\n");
}

/** Null for a run without a step: it cannot be compared. */
function summaryOf(measured: Measured, file: ConfigFile): RunSummaryFile | null {
  const { figures, name, base, end } = comparedRun(measured);
  const info = measured.history?.info;
  if (!figures || !info) return null;
  const { kind, backend } = info;
  return { version: jsonVersion, config: file.path, model: name, base, kind, backend: backend.label, end, figures };
}

function errorsOf(measured: Measured, file: ConfigFile): readonly PlacedError[] {
  const { outcome, model } = measured;
  if (outcome.kind === "refused") return outcome.problems.map((p) => placed(file, p));
  if (outcome.kind === "failed")
    return [unplaced(cliWords().engineFailed({ model: shorten(model.name), reason: shortMessage(outcome.message) }))];
  return [];
}

function codeOf(measured: Measured, failOn: Severity | null): ExitCode {
  const { outcome, findings } = measured;
  if (outcome.kind === "failed") return exitCodes.engine;
  if (outcome.kind === "refused") return exitCodes.usage;
  const limit = failOn === null ? -1 : severities.indexOf(failOn);
  return findings.some((f) => severities.indexOf(f.severity) <= limit) ? exitCodes.findings : exitCodes.fine;
}
