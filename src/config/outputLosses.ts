/** Resolves `training.loss` if it has a loss for each of several outputs. */

import { configWords } from "../messages/config.ts";
import { trainingDefaults } from "./defaults.ts";
import { problemsOf } from "./issues.ts";
import { isObject, type Merged, originOf } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { isRegression } from "./regression.ts";
import type { OutputLossConfig } from "./resolved.ts";
import { lossesSchema, lossSchema } from "./schema/training.ts";

export interface OutputLosses {
  readonly losses: readonly OutputLossConfig[];
  readonly problems: readonly Problem[];
}

/** Null if the section has one loss, or none. */
export function outputLosses(merged: Merged): OutputLosses | null {
  const given = merged.value["loss"];
  if (!isObject(given) || Object.keys(given).some((key) => Object.hasOwn(lossSchema.shape, key))) return null;
  const place = originOf(merged, ["loss"]);
  const parsed = lossesSchema.safeParse(given);
  if (!parsed.success) {
    const problems = problemsOf(parsed.error.issues, given, "loss");
    return { losses: [], problems: problems.map((problem) => ({ ...problem, path: [...place, ...problem.path] })) };
  }
  const losses = Object.entries(parsed.data).map(
    ([output, loss]): OutputLossConfig =>
      typeof loss === "string"
        ? { output, loss, fromLogits: trainingDefaults.fromLogits, weight: 1 }
        : { output, loss: loss.type, fromLogits: loss.fromLogits, weight: loss.weight },
  );
  const none: readonly Problem[] =
    losses.length > 0 ? [] : [{ severity: "error", message: configWords().lossEmpty, path: place, on: "value" }];
  const odd = losses.flatMap(({ output, loss, fromLogits }): Problem[] => {
    if (!fromLogits || !isRegression(loss)) return [];
    const message = configWords().noLogits(loss);
    return [{ severity: "error", message, path: [...place, output, "fromLogits"], on: "value" }];
  });
  return { losses, problems: [...none, ...odd] };
}
