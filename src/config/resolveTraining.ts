/** Resolves `training` of one model. */

import { configWords } from "../messages/config.ts";
import { trainingDefaults } from "./defaults.ts";
import { show } from "./issues.ts";
import { gives, merge, originOf, type Section } from "./merge.ts";
import { outputLosses } from "./outputLosses.ts";
import type { Problem } from "./problem.ts";
import { problemsFor } from "./problems.ts";
import type { Resolved } from "./resolveData.ts";
import type { DataConfig, JsonPath, LossName, MetricName, TrainingConfig } from "./resolved.ts";
import { sections } from "./schema/config.ts";
import { lossSchema } from "./schema/training.ts";
import { checkSection } from "./section.ts";
import { batchTooLarge, testSamples } from "./testSamples.ts";

/**
 * @param layers the `training` sections that apply, outermost first
 * @param data determines the default loss; null if it could not be resolved
 */
export function resolveTraining(layers: readonly Section[], data: DataConfig | null): Resolved<TrainingConfig> {
  const merged = merge(layers, ["training"], [["steps", "epochs"]]);
  const { path } = merged;
  const byOutput = outputLosses(merged);
  if (byOutput && byOutput.problems.length > 0) return { value: null, path, problems: byOutput.problems };
  const checked = checkSection(sections.training, merged, "training");
  const problems = [...layers.flatMap(bothLengths), ...checked.problems];
  if (checked.value === null || problems.length > 0) return { value: null, path, problems };
  const tooLarge = largerThanData(checked.value, data, originOf(merged, ["batchSize"]).slice(0, -1));
  if (tooLarge !== null) return { value: null, path, problems: [tooLarge] };
  const backwards = endsBeforeItBegins(checked.value.pruning, originOf(merged, ["pruning", "end"]));
  if (backwards !== null) return { value: null, path, problems: [backwards] };
  const untested = monitorsNothing(
    checked.value.earlyStopping?.monitor,
    data,
    originOf(merged, ["earlyStopping", "monitor"]),
  );
  if (untested !== null) return { value: null, path, problems: [untested] };
  const { clip, weightClip, pruning, schedule, steps, epochs, loss: given, checkpoint, ...rest } = checked.value;
  const usual = trainingDefaults.loss[data && "task" in data ? data.task : "table"];
  const [first] = byOutput?.losses ?? [];
  const single = typeof given === "object" ? lossSchema.safeParse(given).data : undefined;
  const loss = first?.loss ?? single?.type ?? (typeof given === "string" ? given : usual);
  const fromLogits = first?.fromLogits ?? single?.fromLogits ?? trainingDefaults.fromLogits;
  const { classWeight } = checked.value;
  const nameless = noClasses(classWeight, originOf(merged, ["classWeight"]));
  if (nameless.length > 0) return { value: null, path, problems: nameless };
  // Without the data, the default loss is unknown.
  if (!byOutput && isRegression(loss) && (given !== undefined || data !== null)) {
    const unfit = [
      ...(fromLogits ? [logitsOfNumbers(loss, originOf(merged, ["loss", "fromLogits"]))] : []),
      ...(classWeight === undefined ? [] : [classesOfNumbers(loss, originOf(merged, ["classWeight"]))]),
    ];
    if (unfit.length > 0) return { value: null, path, problems: unfit };
  }
  const losses = byOutput?.losses.map((each) => each.loss) ?? [loss];
  const odd =
    given !== undefined || data !== null
      ? unfitMetrics(checked.value.metrics, losses, originOf(merged, ["metrics"]))
      : [];
  if (odd.length > 0) return { value: null, path, problems: odd };
  const value: TrainingConfig = {
    ...rest,
    loss,
    ...(byOutput && { losses: byOutput.losses }),
    fromLogits,
    classWeight: classWeight === undefined ? null : { weights: classWeight, path: originOf(merged, ["classWeight"]) },
    schedule: "final" in schedule ? { ...schedule, steps: schedule.steps ?? null } : schedule,
    clip: { value: clip.value ?? null, norm: clip.norm ?? null, globalNorm: clip.globalNorm ?? null },
    weightClip: weightClip
      ? { value: weightClip.value ?? null, maxNorm: weightClip.maxNorm ?? null, every: weightClip.every }
      : null,
    pruning: pruning ? { ...pruning, end: pruning.end ?? null } : null,
    gradientNormRegularizer: checked.value.gradientNormRegularizer ?? null,
    earlyStopping: checked.value.earlyStopping ?? null,
    truncate: checked.value.truncate ?? null,
    checkpoint: checkpoint ? { ...checkpoint, path: originOf(merged, ["checkpoint"]) } : null,
    length: epochs === undefined ? { steps: steps ?? trainingDefaults.steps } : { epochs },
  };
  return { value, path, problems };
}

function isRegression(loss: LossName): boolean {
  return loss === "meanSquaredError" || loss === "meanAbsoluteError";
}

/** @param losses the losses of all outputs; a metric must suit at least one. */
function unfitMetrics(metrics: readonly MetricName[], losses: readonly LossName[], path: JsonPath): readonly Problem[] {
  const [loss = "meanSquaredError"] = losses;
  const regression = isRegression(loss);
  return metrics.flatMap((name, i): Problem[] => {
    if (losses.some((each) => (name === "accuracy") !== isRegression(each))) return [];
    const message = regression
      ? configWords().accuracyOfNumbers(loss)
      : configWords().metricOfClasses({ metric: name, loss });
    return [{ severity: "error", message, path: [...path, i], on: "value" }];
  });
}

function logitsOfNumbers(loss: LossName, path: JsonPath): Problem {
  const message = configWords().logitsOfNumbers(loss);
  return { severity: "error", message, path, on: "value" };
}

function classesOfNumbers(loss: LossName, path: JsonPath): Problem {
  const message = configWords().classesOfNumbers(loss);
  return { severity: "error", message, path, on: "key" };
}

/** Reports keys that cannot be class indices; only the data show which indices exist. */
function noClasses(
  classWeight: "balanced" | { readonly [index: string]: number } | undefined,
  path: JsonPath,
): readonly Problem[] {
  if (classWeight === undefined || classWeight === "balanced") return [];
  const wrong = Object.keys(classWeight).filter((key) => !/^(0|[1-9]\d{0,5})$/.test(key));
  return problemsFor(wrong, (key) => ({
    severity: "error",
    message: configWords().notClass(show(key)),
    path: [...path, key],
    on: "key",
  }));
}

function largerThanData(
  batch: { readonly batchSize: number; readonly accumulate: number },
  data: DataConfig | null,
  path: JsonPath,
): Problem | null {
  if (data?.kind !== "task") return null;
  const samples = data.samples - testSamples(data.samples, data.test);
  return batch.accumulate * batch.batchSize <= samples ? null : batchTooLarge(batch, samples, data.test !== null, path);
}

function monitorsNothing(monitor: string | undefined, data: DataConfig | null, path: JsonPath): Problem | null {
  if (monitor !== "testLoss" || data === null || data.test !== null) return null;
  const message = configWords().noTestLoss;
  return { severity: "error", message, path, on: "value" };
}

function endsBeforeItBegins(
  pruning: { readonly begin: number; readonly end?: number | undefined } | undefined,
  path: JsonPath,
): Problem | null {
  if (pruning?.end === undefined || pruning.end >= pruning.begin) return null;
  const message = configWords().pruningEnds({ begin: pruning.begin, end: pruning.end });
  return { severity: "error", message, path, on: "value" };
}

/** Reports `steps` and `epochs` in the same section, at the second one. In an override, either replaces the other. */
function bothLengths(section: Section): readonly Problem[] {
  const lengths = Object.keys(section.value).filter(
    (key) => (key === "steps" || key === "epochs") && gives(section.value, key),
  );
  const second = lengths[1];
  if (second === undefined) return [];
  const message = configWords().twoLengths;
  return [{ severity: "error", message, path: [...section.path, second], on: "key" }];
}
