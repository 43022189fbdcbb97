/**
 * Whether a probe's verdict may still change.
 *
 * The number of steps that a probe takes depends on the machine, so its verdict must not. Warnings rest on evidence
 * that more steps would not take back; those that describe a passing state (`passing.ts`) do not stand. Only a net that has left its baseline gets an all-clear. Anything else is
 * *provisional*.
 */

import { verdictWords } from "../messages/verdicts.ts";
import { type Finding, severities } from "../protocol/finding.ts";
import type { RunHistory } from "../protocol/history.ts";
import { learningOf } from "./learning.ts";
import { mayPass } from "./passing.ts";
import { probeMinimum } from "./probeMinimum.ts";

/** Why a probe's verdict is provisional, in a few words; null if it stands, and for training runs. */
export function provisional(history: RunHistory, findings: readonly Finding[]): string | null {
  const { info, lastStep } = history;
  if (info.kind !== "probe") return null;
  const minimum = probeMinimum(info.data?.samples ?? null, info.batchSize);
  // A run with a non-finite loss is over and will not get to its minimum of steps.
  const over = !Number.isFinite(history.latest("loss") ?? 0);
  if (lastStep < minimum && !over) return verdictWords().afterOf({ lastStep, minimum });
  const grave = findings.filter(({ severity }) => severities.indexOf(severity) <= severities.indexOf("warning"));
  if (grave.length > 0) return grave.every((one) => mayPass(history, one)) ? verdictWords().mayPass : null;
  if (learningOf(history).state === "left") return null;
  return verdictWords().notLearningYet;
}
