/** `diagnosis` of one model. */

import { diagnosisDefaults as d } from "./defaults.ts";
import { merge, type Section } from "./merge.ts";
import type { Resolved } from "./resolveData.ts";
import type { DiagnosisConfig } from "./resolved.ts";
import { sections } from "./schema/config.ts";
import { checkSection } from "./section.ts";

/** @param layers the `diagnosis` sections that apply, outermost first */
export function resolveDiagnosis(layers: readonly Section[]): Resolved<DiagnosisConfig> {
  const merged = merge(layers, ["diagnosis"]);
  const { value: given, problems } = checkSection(sections.diagnosis, merged, "diagnosis");
  if (given === null) return { value: null, path: merged.path, problems };
  const value: DiagnosisConfig = {
    requiredLag: given.requiredLag ?? null,
    rules: {
      "vanishing-through-time": rule(given["vanishing-through-time"], d["vanishing-through-time"]),
      "exploding-through-time": rule(given["exploding-through-time"], d["exploding-through-time"]),
      "exploding-gradient": rule(given["exploding-gradient"], d["exploding-gradient"]),
      "non-finite": { enabled: given["non-finite"] ?? true },
    },
  };
  return { value, path: merged.path, problems };
}

function rule<T extends object>(given: T | false | undefined, usual: T): T & { readonly enabled: boolean } {
  return { ...(given || usual), enabled: given !== false };
}
