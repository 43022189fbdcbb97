/** `verify`: runs models beside the fixes of their findings and reports which fixes help. */

import type { ResolvedModel } from "../config/resolved.ts";
import { reseeded } from "../diagnosis/verify/arms.ts";
import { systemClock } from "../diagnosis/verify/clock.ts";
import { verifySeeds, verifySteps } from "../diagnosis/verify/length.ts";
import type { Ran } from "../diagnosis/verify/replicate.ts";
import { type ReplicateRequest, type VerifyOutcome, verify } from "../diagnosis/verify/verify.ts";
import { recordedRun } from "../engine/training/recordedRun.ts";
import { cliWords } from "../messages/cli.ts";
import type { BackendInfo } from "../protocol/run.ts";
import { type VerifyProgress, verifyingText } from "../protocol/verification.ts";
import { type ConfigFile, problemLines, readConfigFile, selectModels } from "./configFile.ts";
import { type ExitCode, exitCodes, gravest } from "./exitCodes.ts";
import type { Io, Output } from "./io.ts";
import type { BackendChoice } from "./options.ts";
import { refuse } from "./refuse.ts";
import { type VerifiedModel, verifyReport } from "./report/verifyReport.ts";
import { startBackend } from "./startBackend.ts";

export interface VerifyCommand {
  readonly config: string | undefined;
  readonly models: readonly string[];
  /** Pairs of runs for each fix. */
  readonly seeds: number;
  /** Steps of each run; null for the default number. */
  readonly steps: number | null;
  /** Milliseconds for each model; null without a limit. */
  readonly budget: number | null;
  readonly backend: BackendChoice;
  /** See BackendRequest. */
  readonly allowNative: string | null;
  readonly json: boolean;
}

export async function verifyModels(command: VerifyCommand, io: Io, signal: AbortSignal): Promise<ExitCode> {
  const read = readConfigFile(command.config, io.cwd);
  if ("message" in read) return await refuse([read.message], io);
  const { file } = read;
  const selection = selectModels(file, command.models);
  if ("message" in selection) return await refuse([selection.message], io);
  if ("problems" in selection)
    return await refuse(
      selection.problems.map((p) => problemLines(file, p)),
      io,
    );
  const backend = await startBackend(command, io.cwd);
  if (typeof backend === "string") return await refuse([backend], io, exitCodes.engine);

  const results: VerifiedModel[] = [];
  const codes: ExitCode[] = selection.faults.map(() => exitCodes.usage);
  for (const fault of selection.faults) await io.err.write(`${problemLines(file, fault)}\n`);
  for (const model of selection.models) {
    if (signal.aborted) break;
    const outcome = await verifyOne(model, file, command, backend, io.err, signal);
    results.push({ model: model.name, outcome });
    if (outcome.kind !== "ended") continue;
    const { end } = outcome.ran;
    codes.push(end.kind === "refused" ? exitCodes.usage : exitCodes.engine);
    const messages = end.kind === "refused" ? end.problems.map((p) => problemLines(file, p)) : [];
    if (end.kind === "failed") messages.push(cliWords().engineFailed({ model: model.name, reason: end.message }));
    for (const message of messages) await io.err.write(`${message}\n`);
  }
  if (command.json) await io.out.write(jsonOf(file, results));
  else await io.out.write(verifyReport(results, io.out));
  return gravest([...(signal.aborted ? [exitCodes.interrupted] : []), ...codes]);
}

/** Runs one model beside the fixes of its gravest finding. */
export async function verifyOne(
  model: ResolvedModel,
  file: ConfigFile,
  command: Pick<VerifyCommand, "seeds" | "steps" | "budget">,
  backend: BackendInfo,
  err: Output,
  signal: AbortSignal,
): Promise<VerifyOutcome> {
  const run = ({ model: arm, seed, steps }: ReplicateRequest, until: AbortSignal): Promise<Ran> =>
    recordedRun(
      { runId: arm.name, kind: "train", model: reseeded(arm, seed), configPath: file.path, steps, budget: null },
      { backend, need: false },
      until,
    );
  const outcome = await verify(
    {
      configText: file.text,
      model,
      finding: null,
      seeds: verifySeeds(model, command.seeds),
      steps: command.steps ?? verifySteps(model),
      budget: command.budget,
    },
    {
      run,
      progress: (progress) => void err.write(progressText(err, model.name, progress)),
      ...systemClock,
    },
    signal,
  );
  if (err.tty) await err.write("\r\u001b[2K");
  return outcome;
}

function progressText(err: Output, model: string, progress: VerifyProgress): string {
  const text = cliWords().verifyingRun({
    model,
    run: progress.done + 1,
    total: progress.total,
    what: verifyingText(progress),
  });
  return err.tty ? `\r\u001b[2K${text}` : `${text}\n`;
}

/** JSON with non-finite numbers as the strings of their names. */
function jsonOf(file: ConfigFile, results: readonly VerifiedModel[]): string {
  const models = Object.fromEntries(results.map(({ model, outcome }) => [model, plain(outcome)]));
  const text = JSON.stringify({ version: 1, config: file.path, models }, (_, v: unknown) =>
    typeof v === "number" && !Number.isFinite(v) ? String(v) : v,
  );
  return `${text}\n`;
}

function plain(outcome: VerifyOutcome): object {
  if (outcome.kind !== "verified") return { outcome: outcome.kind };
  const { fixes, ...rest } = outcome.verification;
  return {
    outcome: outcome.kind,
    ...rest,
    fixes: fixes.map(({ fix, ...figures }) => ({ id: fix.id, title: fix.title, edits: fix.edits, ...figures })),
  };
}
