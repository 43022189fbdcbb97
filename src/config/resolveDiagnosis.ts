/** Resolves `diagnosis` of one model. */

import type * as z from "zod";
import { crossedBounds } from "./crossedBounds.ts";
import { diagnosisDefaults as d } from "./defaults.ts";
import { merge, originOf, type Section } from "./merge.ts";
import type { Resolved } from "./resolveData.ts";
import type { DiagnosisConfig, DiagnosisRules } from "./resolved.ts";
import { sections } from "./schema/config.ts";
import { checkSection } from "./section.ts";

/** The rules of a config that does not mention them. */
export const defaultRules: DiagnosisRules = rulesOf({});

/** @param layers the `diagnosis` sections that apply, outermost first */
export function resolveDiagnosis(layers: readonly Section[]): Resolved<DiagnosisConfig> {
  const merged = merge(layers, ["diagnosis"]);
  const { value: given, problems } = checkSection(sections.diagnosis, merged, "diagnosis");
  if (given === null) return { value: null, path: merged.path, problems };
  const rules = rulesOf(given);
  const { low, high } = rules["update-ratio"];
  const crossed = crossedBounds({ low, high }, []).map((problem) => ({
    ...problem,
    path: originOf(merged, ["update-ratio", ...problem.path]),
  }));
  return { value: { requiredLag: given.requiredLag ?? null, rules }, path: merged.path, problems: crossed };
}

function rulesOf(given: z.infer<typeof sections.diagnosis>): DiagnosisRules {
  return {
    "vanishing-through-time": rule(given["vanishing-through-time"], d["vanishing-through-time"]),
    "exploding-through-time": rule(given["exploding-through-time"], d["exploding-through-time"]),
    "exploding-gradient": rule(given["exploding-gradient"], d["exploding-gradient"]),
    "non-finite": { enabled: given["non-finite"] ?? true },
    "data-scale": { enabled: given["data-scale"] ?? true },
    "output-mismatch": { enabled: given["output-mismatch"] ?? true },
    "symmetric-units": { enabled: given["symmetric-units"] ?? true },
    padding: { enabled: given.padding ?? true },
    "post-norm-stack": { enabled: given["post-norm-stack"] ?? true },
    "nothing-to-learn": { enabled: given["nothing-to-learn"] ?? true },
    "held-back": { enabled: given["held-back"] ?? true },
    "vanishing-through-depth": rule(given["vanishing-through-depth"], d["vanishing-through-depth"]),
    "exploding-through-depth": rule(given["exploding-through-depth"], d["exploding-through-depth"]),
    "dead-units": rule(given["dead-units"], d["dead-units"]),
    "saturated-units": rule(given["saturated-units"], d["saturated-units"]),
    "saturated-gates": rule(given["saturated-gates"], d["saturated-gates"]),
    "update-ratio": rule(given["update-ratio"], d["update-ratio"]),
    "loss-plateau": rule(given["loss-plateau"], d["loss-plateau"]),
    "loss-diverging": rule(given["loss-diverging"], d["loss-diverging"]),
  };
}

function rule<T extends object>(given: T | false | undefined, usual: T): T & { readonly enabled: boolean } {
  return { ...(given || usual), enabled: given !== false };
}
