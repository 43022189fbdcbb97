/** What every rule receives, and how it makes its findings. */

import type { ResolvedModel } from "../config/resolved.ts";
import type { Finding, FindingCode, Fix } from "../protocol/finding.ts";
import type { RunHistory } from "../protocol/history.ts";
import type { ModelView } from "./modelView.ts";

/** A finding whose fixes are made afterwards, from the config, if there is one. */
export interface Found extends Omit<Finding, "fixes"> {
  readonly fixes: (config: ResolvedModel) => readonly Fix[];
}

/** A rule for any model, from a config or a program. Pure, and cheap enough to call many times a second. */
export type Rule = (history: RunHistory, model: ModelView) => readonly Found[];

/** A rule about what only a config says: its data, its output and loss, its regularizers. */
export type ConfigRule = (history: RunHistory, model: ResolvedModel) => readonly Finding[];

export function findingId(code: FindingCode, model: string, layer: string | null): string {
  return `${code}|${model}|${layer ?? ""}|`;
}

/** First step of a series at which a condition holds; 1 if it never does. */
export function firstStep(history: RunHistory, series: Float64Array, holds: (value: number) => boolean): number {
  return history.steps[Math.max(0, series.findIndex(holds))] ?? 1;
}

/** Drops unknown figures, so evidence never holds a number that was not measured. */
export function evidence(figures: { readonly [name: string]: number | null | undefined }): Finding["evidence"] {
  const known: { [name: string]: number } = {};
  for (const [name, value] of Object.entries(figures)) if (value !== null && value !== undefined) known[name] = value;
  return known;
}
