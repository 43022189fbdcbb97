/**
 * `non-finite`: where the first NaN or Infinity appeared.
 *
 * Within the first step that has one, the search follows the order of computation: activations layer by layer, the
 * loss, then backward from the last layer the state gradients and the gradients of the weights. For a state gradient
 * the *last* timestep concerned is named: the gradient travels from T to 1, so the value appeared there.
 */

import type { JsonPath, ResolvedModel } from "../../config/resolved.ts";
import { gradientWords } from "../../messages/gradientFindings.ts";
import type { Finding, Fix } from "../../protocol/finding.ts";
import { median } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { type LayerInfo, type StateName, stateNames } from "../../protocol/run.ts";
import { stateGradientText } from "../../protocol/stateText.ts";
import { clipFix } from "../fixes/clipFixes.ts";
import { present } from "../fixes/fix.ts";
import { scaledFix } from "../fixes/initialFixes.ts";
import { boundedActivationFix, orthogonalFix } from "../fixes/layerFixes.ts";
import { lowerRateFix } from "../fixes/trainingFixes.ts";
import { layerSource, typePlace } from "../layerSource.ts";
import type { ModelView } from "../modelView.ts";
import { evidence, type Found, findingId, type Rule } from "../rule.ts";

/** Finite steps before it that are kept as evidence. */
const stepsBefore = 3;

interface Origin {
  readonly row: number;
  readonly what: "activation" | "loss" | "state" | "weight";
  /** Index into the run's layers. */
  readonly layer: number | null;
  readonly name: string | null;
  /** Number of non-finite entries, if entries are counted. */
  readonly entries: number | undefined;
  readonly value: number | undefined;
}

export const nonFinite: Rule = (history, model) => {
  if (!history.info.diagnosis.rules["non-finite"].enabled) return [];
  const origin = originOf(history, model.reportsLoss);
  if (!origin) return [];
  const layer = origin.layer === null ? null : (history.info.layers[origin.layer] ?? null);
  const step = history.steps[origin.row]!;
  const timestep = timestepOf(history, origin, step);
  const atStart = origin.row === 0;
  // Before any update only the data and the initial weights can be the cause.
  const untrained = atStart && (origin.what === "loss" || (origin.what === "activation" && origin.layer === 0));
  const scaled = scaledFix(model);
  const place = untrained ? (scaled?.edits[0]?.path ?? model.dataPath) : placeOf(model, layer);
  const before = finiteBefore(history, origin.row);
  const found: Found = {
    id: findingId("non-finite", model.name, layer?.name ?? null),
    code: "non-finite",
    severity: "error",
    model: model.name,
    layer: layer?.name ?? null,
    weight: origin.what === "weight" ? origin.name : null,
    place,
    timesteps: spanOf(origin, layer, timestep),
    step,
    message: messageOf(origin, layer, step, timestep),
    explanation: [
      gradientWords().firstNonFinite({
        subject: describe(origin, layer),
        isLoss: origin.what === "loss",
        step,
        way: timestep === undefined ? "." : wayText(origin, timestep),
      }),
      untrained ? gradientWords().initialSuspect(Boolean(scaled)) : gradientWords().noneTrainable,
      beforeText(before, model.clips === true),
    ]
      .filter((s) => s !== "")
      .join(" "),
    evidence: evidence({
      step,
      timestep,
      entries: origin.entries,
      value: origin.value,
      ...Object.fromEntries(
        before.flatMap((b, i) => [
          [`gradientNormBefore${i + 1}`, b.norm],
          [`clippedGradientNormBefore${i + 1}`, b.clipped],
          [`lossBefore${i + 1}`, b.loss],
        ]),
      ),
    }),
    fixes: (config) =>
      untrained
        ? present([scaled])
        : fixesOf(
            config,
            layer,
            before.map((b) => b.norm),
            history,
          ),
  };
  return [found];
};

/** The earliest row, and its earliest quantity, that is not finite. */
function originOf(history: RunHistory, reportsLoss: boolean): Origin | undefined {
  let best: Origin | undefined;
  const consider = (
    series: Float64Array | undefined,
    bad: (value: number) => boolean,
    rest: Omit<Origin, "row" | "entries" | "value">,
  ) => {
    const row = series ? firstOf(series, bad, best?.row ?? series.length) : -1;
    if (!series || row < 0) return;
    const value = series[row]!;
    best = {
      row,
      ...rest,
      ...(rest.what === "loss" ? { entries: undefined, value } : { entries: value, value: undefined }),
    };
  };
  // A NaN count was not taken: the weights are not trained, or the step ended earlier.
  const some = (n: number) => n > 0;
  const notFinite = (n: number) => !Number.isFinite(n) && (reportsLoss || !Number.isNaN(n));
  const { layers } = history.info;

  layers.forEach((_, i) => {
    consider(history.series("activationNonFinite", i), some, { what: "activation", layer: i, name: null });
  });
  consider(history.series("loss"), notFinite, { what: "loss", layer: null, name: null });
  for (let i = layers.length - 1; i >= 0; i--) {
    for (const state of layers[i]!.recurrent?.states ?? [])
      consider(history.series("stateNonFinite", i, state), some, { what: "state", layer: i, name: state });
    for (const weight of layers[i]!.weights)
      consider(history.series("weightNonFinite", i, weight), some, { what: "weight", layer: i, name: weight });
  }
  return best;
}

/** First of the rows before `end` with a bad value; −1: none. */
function firstOf(series: Float64Array, bad: (value: number) => boolean, end: number): number {
  for (let row = 0; row < end && row < series.length; row++) if (bad(series[row]!)) return row;
  return -1;
}

/** The timestep where it appeared: the first one of states, which are computed forward, the last one of gradients. */
function timestepOf(history: RunHistory, origin: Origin, step: number): number | undefined {
  if (origin.what === "state") return lastTimestepConcerned(history, origin, step);
  if (origin.what !== "activation" || origin.layer === null) return undefined;
  const from = history.series("stateNonFiniteFrom", origin.layer)?.[origin.row] ?? 0;
  return from > 0 ? from : undefined;
}

function spanOf(origin: Origin, layer: LayerInfo | null, timestep: number | undefined): Finding["timesteps"] {
  if (timestep === undefined) return null;
  return origin.what === "state" ? [1, timestep] : [timestep, layer?.recurrent?.timesteps ?? timestep];
}

function wayText({ what }: Origin, timestep: number): string {
  return what === "state" ? gradientWords().backwardWay(timestep) : gradientWords().forwardWay(timestep);
}

function lastTimestepConcerned(history: RunHistory, origin: Origin, step: number): number | undefined {
  const state = stateOf(origin);
  if (origin.layer === null || state === undefined) return undefined;
  const map = history.map(origin.layer, `${state}.nonFinite`);
  const column = map ? map.lastSteps.findIndex((last) => last >= step) : -1;
  const counts =
    map && column >= 0
      ? map.values.subarray(column * map.timesteps, (column + 1) * map.timesteps)
      : history.profile(origin.layer, `${state}.nonFinite`);
  const last = counts?.findLastIndex((n) => n > 0) ?? -1;
  return last < 0 ? undefined : last + 1;
}

function stateOf(origin: Origin): StateName | undefined {
  return stateNames.find((name) => name === origin.name);
}

function placeOf(model: ModelView, layer: LayerInfo | null): JsonPath {
  if (layer) return typePlace(layerSource(model, layer.path, layer.type));
  return [...model.trainingPath, "loss"];
}

interface Before {
  /** Norm of all gradients, before and after clipping. */
  readonly norm: number;
  readonly clipped: number;
  readonly loss: number;
}

/** The last finite rows before `row`, newest first. */
function finiteBefore(history: RunHistory, row: number): readonly Before[] {
  const norms = history.series("gradientNorm");
  const clipped = history.series("clippedGradientNorm");
  const losses = history.series("loss");
  const found: Before[] = [];
  for (let i = row - 1; i >= 0 && found.length < stepsBefore; i--) {
    const norm = norms?.[i] ?? Number.NaN;
    if (Number.isFinite(norm))
      found.push({ norm, clipped: clipped?.[i] ?? Number.NaN, loss: losses?.[i] ?? Number.NaN });
  }
  return found;
}

/** The norms, oldest first, each before and after clipping if there is any. */
function beforeText(before: readonly Before[], clipping: boolean): string {
  if (before.length === 0) return "";
  const norms = before.toReversed().map(({ norm, clipped }) => {
    const after = clipping && !Number.isNaN(clipped) ? gradientWords().clippedTo(formatNumber(clipped)) : "";
    return formatNumber(norm) + after;
  });
  return gradientWords().normsBefore(norms.join(", "));
}

function describe(origin: Origin, layer: LayerInfo | null): string {
  const name = layer?.name ?? "";
  switch (origin.what) {
    case "activation":
      return gradientWords().outputOf(name);
    case "loss":
      return gradientWords().theLoss;
    case "state":
      return gradientWords().stateGradientOf({ stateGradient: stateGradientText(stateOf(origin) ?? "h"), name });
    case "weight":
      return gradientWords().gradientOf({ layer: name, weight: origin.name });
  }
}

function messageOf(origin: Origin, layer: LayerInfo | null, step: number, timestep: number | undefined): string {
  const at = timestep === undefined ? gradientWords().step(step) : gradientWords().stepAndTimestep({ step, timestep });
  if (origin.what === "loss")
    return gradientWords().lossIs({
      value: origin.value === undefined ? gradientWords().notFinite : String(origin.value),
      at,
    });
  const subject = describe(origin, layer);
  return gradientWords().firstIs({ initial: subject.charAt(0).toLowerCase(), rest: subject.slice(1), at });
}

function fixesOf(
  model: ResolvedModel,
  layer: LayerInfo | null,
  norms: readonly number[],
  history: RunHistory,
): readonly Fix[] {
  const source = layer ? layerSource(model, layer.path, layer.type) : undefined;
  const usual = median(history.series("gradientNorm")?.filter((v) => Number.isFinite(v) && v > 0) ?? norms);
  return present([
    clipFix(model, Number.isNaN(usual) ? 1 : Math.min(1, usual * 5)),
    lowerRateFix(model),
    source && layer?.recurrent ? orthogonalFix(source) : undefined,
    source && layer?.recurrent ? boundedActivationFix(source) : undefined,
    scaledFix(model),
  ]);
}
