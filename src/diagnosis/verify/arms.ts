/** The sides of a comparison: the present model, and the model with each fix applied. */

import { applyToText } from "../../config/applyEdits.ts";
import { parseConfig } from "../../config/parse.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { verificationWords } from "../../messages/verification.ts";
import type { Fix } from "../../protocol/finding.ts";

export interface Arm {
  readonly fix: Fix;
  readonly configText: string;
  readonly model: ResolvedModel;
  /** The single fixes it is made of, in the order of their edits; a single fix consists of itself. */
  readonly parts: readonly Fix[];
  /** The parts that fit the present config by themselves. */
  readonly alone: readonly Fix[];
}

export interface ImpossibleFix {
  readonly title: string;
  readonly reason: string;
}

export interface Arms {
  readonly arms: readonly Arm[];
  readonly impossible: readonly ImpossibleFix[];
}

export type Candidate = Pick<Arm, "fix" | "parts" | "alone">;

/** A fix by itself. */
export function single(fix: Fix): Candidate {
  return { fix, parts: [fix], alone: [fix] };
}

/**
 * Fixes that produce the same model are run once; one whose edit does not produce a sound config is not run at all.
 * @param others models that are run already.
 */
export function armsOf(
  configText: string,
  model: string,
  candidates: readonly Candidate[],
  others: readonly ResolvedModel[] = [],
): Arms {
  const arms: Arm[] = [];
  const impossible: ImpossibleFix[] = [];
  const present = parseConfig(configText).config?.models.find((m) => m.name === model);
  const seen = new Set<string>([present, ...others].map((m) => JSON.stringify(m)));
  for (const { fix, parts, alone } of candidates) {
    const edited = applyToText(configText, fix.edits);
    const { config, problems } = parseConfig(edited);
    const resolved = config?.models.find((m) => m.name === model);
    if (!resolved) {
      const reason = problems.find((p) => p.severity === "error")?.message ?? verificationWords().noSuchModel;
      impossible.push({ title: fix.title, reason });
      continue;
    }
    const key = JSON.stringify(resolved);
    if (seen.has(key)) continue;
    const reason = present && whyNotShown(resolved, present);
    if (reason !== undefined) {
      impossible.push({ title: fix.title, reason });
      continue;
    }
    seen.add(key);
    arms.push({ fix, configText: edited, model: resolved, parts, alone });
  }
  return { arms, impossible };
}

/** The reason why runs of equal length cannot show a fix: they would be the same runs. */
function whyNotShown(fixed: ResolvedModel, present: ResolvedModel): string | undefined {
  const without = ({ diagnosis: _, training: { length, ...training }, ...net }: ResolvedModel, all: boolean): string =>
    JSON.stringify([net, training, all ? length : null]);
  if (without(fixed, true) === without(present, true)) return verificationWords().onlyAsks;
  if (without(fixed, false) === without(present, false)) return verificationWords().onlyLength;
  return undefined;
}

/**
 * The same model with another seed, which determines weights, dropout and the order of samples; the data stay the same.
 * It writes no checkpoints, because these belong to the original model.
 */
export function reseeded(model: ResolvedModel, seed: number): ResolvedModel {
  return { ...model, training: { ...model.training, seed, checkpoint: null } };
}
