/** The sides of a comparison: the present model, and the model with each fix applied. */

import { applyToText } from "../../config/applyEdits.ts";
import { parseConfig } from "../../config/parse.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import type { Fix } from "../../protocol/finding.ts";

export interface Arm {
  readonly fix: Fix;
  readonly configText: string;
  readonly model: ResolvedModel;
}

export interface ImpossibleFix {
  readonly title: string;
  readonly reason: string;
}

export interface Arms {
  readonly arms: readonly Arm[];
  readonly impossible: readonly ImpossibleFix[];
}

/** Fixes that make the same model are run once; one whose edit does not give a sound config is not run at all. */
export function armsOf(configText: string, model: string, fixes: readonly Fix[]): Arms {
  const arms: Arm[] = [];
  const impossible: ImpossibleFix[] = [];
  const seen = new Set<string>([keyOf(configText, model)]);
  for (const fix of fixes) {
    const edited = applyToText(configText, fix.edits);
    const { config, problems } = parseConfig(edited);
    const resolved = config?.models.find((m) => m.name === model);
    if (!resolved) {
      const reason = problems.find((p) => p.severity === "error")?.message ?? "the edited config has no such model";
      impossible.push({ title: fix.title, reason });
      continue;
    }
    const key = JSON.stringify(resolved);
    if (seen.has(key)) continue;
    seen.add(key);
    arms.push({ fix, configText: edited, model: resolved });
  }
  return { arms, impossible };
}

function keyOf(configText: string, model: string): string {
  return JSON.stringify(parseConfig(configText).config?.models.find((m) => m.name === model));
}
