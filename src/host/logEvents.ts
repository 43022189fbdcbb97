/** Writes into the log what ran, when, and how it ended, so that a report of a fault says what led to it. */

import type { RunEnd } from "../protocol/engineMessages.ts";
import { DisposableStore } from "./disposableStore.ts";
import type { Subscription } from "./emitter.ts";
import type { Log } from "./log.ts";
import { configName } from "./runs/configName.ts";
import { describeEnd } from "./runs/describeEnd.ts";
import type { Run } from "./runs/run.ts";
import type { RunService } from "./runs/runService.ts";
import type { VerificationService } from "./verify/verificationService.ts";

export function logEvents(
  runs: Pick<RunService, "onChange" | "onStart">,
  verifications: Pick<VerificationService, "onChange">,
  log: Pick<Log, "write">,
): Subscription {
  const verifying = new Set<number>();
  return new DisposableStore(
    runs.onStart(({ run, info }) => {
      const planned = info.plannedSteps === null ? "" : `, ${info.plannedSteps} steps planned`;
      log.write("info", `${nameOf(run)} began: ${info.parameters} parameters, ${info.backend.label}${planned}`);
    }),
    runs.onChange((run) => {
      if (run.state === "starting") log.write("info", `${nameOf(run)} was asked for by the ${run.askedBy}`);
      if (run.state === "stopping") log.write("info", `${nameOf(run)} was told to stop`);
      if (run.end === null || run.state !== "ended") return;
      const steps = run.history?.lastStep ?? 0;
      const seconds = (((run.endedAt ?? run.startedAt) - run.startedAt) / 1000).toFixed(1);
      const codes = run.findings.map(({ code, severity }) => `${code} (${severity})`).join(", ");
      const found = codes === "" ? "nothing found" : `found ${codes}`;
      log.write("info", `${nameOf(run)} ${endWords(run.end)} after ${steps} steps and ${seconds} s: ${found}`);
    }),
    verifications.onChange(({ id, model, outcome }) => {
      if (outcome === null) {
        if (!verifying.has(id)) log.write("info", `verification ${id} of ${model} was asked for`);
        verifying.add(id);
        return;
      }
      if (!verifying.delete(id)) return;
      const how = outcome.kind === "verified" ? outcome.verification.conclusion.headline : outcome.kind;
      log.write("info", `verification ${id} of ${model} ended: ${how}`);
    }),
  );
}

/** How a run ended. Why a file was refused may quote what is in it, which does not belong in a log. */
function endWords(end: RunEnd): string {
  return end.kind === "refused" ? `was refused for ${end.problems.length} problems` : describeEnd(end);
}

/** `train-1764410000000-3 of adding-problem / tanh`. */
function nameOf({ runId, configPath, name }: Run): string {
  return `${runId} of ${configName(configPath)} / ${name}`;
}
