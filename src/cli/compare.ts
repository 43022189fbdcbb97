/** `compare`: figures of runs side by side, from folders that `--out` wrote, from models run now, or both. */

import fs from "node:fs";
import path from "node:path";
import { shorten, shortMessage } from "../config/shorten.ts";
import { cliWords } from "../messages/cli.ts";
import { listWords } from "../messages/lists.ts";
import type { RunKind } from "../protocol/run.ts";
import { problemLines, readConfigFile, selectModels } from "./configFile.ts";
import { type ExitCode, exitCodes, gravest } from "./exitCodes.ts";
import type { Io } from "./io.ts";
import { jsonVersion, text } from "./json.ts";
import { measure } from "./measure.ts";
import type { BackendChoice } from "./options.ts";
import { type RunSummaryFile, readSummary } from "./out/summaryFile.ts";
import { progressOn } from "./progress.ts";
import type { ReportedRun } from "./report/comparedRuns.ts";
import { comparedRun, comparison } from "./report/report.ts";
import { styleFor } from "./report/style.ts";
import { startBackend } from "./startBackend.ts";

export interface CompareCommand {
  /**
   * Folders of runs, folders of such folders, and at most one config; if empty, the config of the working directory.
   */
  readonly paths: readonly string[];
  /** Models of the config; empty for all. */
  readonly models: readonly string[];
  readonly kind: RunKind;
  readonly steps: number | null;
  readonly budget: number | null;
  readonly backend: BackendChoice;
  /** See BackendRequest. */
  readonly allowNative: string | null;
  readonly json: boolean;
}

/** A run with its source: names are unique only within one folder or config. */
interface Found {
  readonly source: string;
  readonly run: ReportedRun;
}

export async function compare(command: CompareCommand, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const written: Found[] = [];
  const configs: string[] = [];
  for (const given of command.paths) {
    const summaries = writtenRuns(path.resolve(io.cwd, given));
    if ("message" in summaries) return await refuse(io, summaries.message);
    if (summaries.length === 0) configs.push(given);
    written.push(...summaries.map((s) => ({ source: given, run: comparedSummary(s) })));
  }
  if (configs.length > 1) return await refuse(io, cliWords().oneConfig(configs.join(", ")));
  const runsModels = configs.length === 1 || command.paths.length === 0 || command.models.length > 0;
  const measured = runsModels ? await runModels(command, configs[0], io, signal) : { found: [], code: exitCodes.fine };
  const runs = withBases([...measured.found, ...written]);
  if (measured.code !== exitCodes.fine && runs.length === 0) return measured.code;
  if (runs.length < 2) return await refuse(io, cliWords().oneRun);
  const blocks = comparison(runs, io.out.columns, styleFor(io.out)).filter((b) => b.length > 0);
  await io.out.write(
    command.json
      ? `${text({ version: jsonVersion, runs: runs.map(({ name, base, figures }) => ({ name, base, figures })) })}\n`
      : `${blocks.map((b) => b.join("\n")).join("\n\n")}\n`,
  );
  return measured.code;
}

async function refuse(io: Io, message: string): Promise<ExitCode> {
  await io.err.write(`${message}\n`);
  return exitCodes.usage;
}

/** The run in a folder, or the runs in its subfolders. */
function writtenRuns(folder: string): readonly RunSummaryFile[] | { readonly message: string } {
  const inside = fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? fs.readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory())
    : [];
  const runs: RunSummaryFile[] = [];
  for (const place of [folder, ...inside.map((e) => path.join(folder, e.name))]) {
    const summary = readSummary(place);
    if (summary && "message" in summary) return summary;
    if (summary) runs.push(summary);
  }
  return runs;
}

function comparedSummary({ model, base, figures, end }: RunSummaryFile): ReportedRun {
  return { name: model, base, figures, end };
}

async function runModels(
  command: CompareCommand,
  config: string | undefined,
  io: Io,
  signal: AbortSignal,
): Promise<{ readonly found: readonly Found[]; readonly code: ExitCode }> {
  const refused = async (messages: readonly string[], code: ExitCode = exitCodes.usage) => {
    for (const message of messages) await refuse(io, message);
    return { found: [], code };
  };
  const read = readConfigFile(config, io.cwd);
  if ("message" in read) return await refused([read.message]);
  const { file } = read;
  const selection = selectModels(file, command.models);
  if ("message" in selection) return await refused([selection.message]);
  if ("problems" in selection) return await refused(selection.problems.map((p) => problemLines(file, p)));
  const backend = await startBackend(command, io.cwd);
  if (typeof backend === "string") return await refused([backend], exitCodes.engine);

  const found: Found[] = [];
  const codes: ExitCode[] = selection.faults.map(() => exitCodes.usage);
  for (const fault of selection.faults) await io.err.write(`${problemLines(file, fault)}\n`);
  for (const model of selection.models) {
    if (signal.aborted) break;
    const options = { ...command, backend, configPath: file.path, keepFrames: false, writer: null };
    const measured = await measure(model, options, progressOn(io.err), signal);
    const { outcome } = measured;
    if (outcome.kind === "refused") {
      const { code } = await refused(outcome.problems.map((p) => problemLines(file, p)));
      codes.push(code);
    }
    if (outcome.kind === "failed") {
      const { code } = await refused(
        [cliWords().engineFailed({ model: shorten(model.name), reason: shortMessage(outcome.message) })],
        exitCodes.engine,
      );
      codes.push(code);
    }
    found.push({ source: file.name, run: comparedRun(measured) });
  }
  return { found, code: gravest([...codes, ...(signal.aborted ? [exitCodes.interrupted] : [])]) };
}

/**
 * Names made unique by their source; a model that extends nothing is compared with the first run that also extends
 * nothing.
 */
function withBases(found: readonly Found[]): readonly ReportedRun[] {
  const all = found.map((f) => f.run.name);
  const nameOf = ({ source, run }: Found): string => {
    if (all.indexOf(run.name) === all.lastIndexOf(run.name)) return run.name;
    const twins = found.filter((f) => f.run.name === run.name && f.source === source);
    return twins.length > 1
      ? listWords().aside({
          text: run.name,
          aside: listWords().commas([source, String(twins.findIndex((f) => f.run === run) + 1)]),
        })
      : listWords().aside({ text: run.name, aside: source });
  };
  const extended = (f: Found): Found | undefined =>
    found.find((b) => b.source === f.source && b.run.name === f.run.base);
  const first = found.find((f) => extended(f) === undefined);
  return found.map((f) => {
    const base = extended(f) ?? first;
    return { ...f.run, name: nameOf(f), base: base === undefined || base === f ? null : nameOf(base) };
  });
}
