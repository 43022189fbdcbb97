/** Edits that bring inputs and targets to unit scale. */

import type { ConfigEdit } from "../../config/edit.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { includes, type Scaling, type Side, scalingOf, sidesOf } from "../../config/scaling.ts";
import { fixWords } from "../../messages/fixes.ts";
import { listWords } from "../../messages/lists.ts";
import type { ColumnFacts } from "../../protocol/dataFacts.ts";
import type { Fix } from "../../protocol/finding.ts";
import type { OffScale } from "../offScale.ts";
import { type ArrayPlan, arrayEdits, titleOfArrays } from "./arrayScaling.ts";
import { firstLayerEdits } from "./firstLayer.ts";
import { type MaybeFix, present } from "./fix.ts";

/** The sides that an edit scales, and how. */
type Plan = { readonly [side in Side]?: Scaling };

/** `Standardize the inputs`, `Scale the targets to 0 … 1`. */
function scalingTitle(scaling: Scaling, sides: Side | "both"): string {
  return scaling === "standardize" ? fixWords().standardize(sides) : fixWords().scale(sides);
}

/**
 * For data in files only; built-in tasks cannot be changed.
 * @param off sides that are off, or single arrays of them.
 * @param bytes the inputs are whole numbers from 0 to 255.
 * @param bounded whether the output with this name (null: the only one) cannot reach standardized targets.
 */
export function scaleFixes(
  model: ResolvedModel,
  off: readonly Pick<OffScale, "side" | "array">[],
  { bytes, bounded }: { readonly bytes: boolean; readonly bounded: (output: string | null) => boolean },
): readonly Fix[] {
  if (off.some(({ array }) => array !== null)) return arrayFixes(model, off, bounded);
  const targets: Scaling = bounded(null) ? "minMax" : "standardize";
  const sides = off.map(({ side }) => side);
  const planned = (inputs: Scaling): Plan =>
    Object.fromEntries(sides.map((side) => [side, side === "inputs" ? inputs : targets]));
  const minMax: Plan = Object.fromEntries(sides.map((side) => [side, "minMax"]));
  return present([
    bytes && sides.includes("inputs") ? rescaleFix(model, sides.includes("targets") ? targets : null) : undefined,
    scalingFix(model, "standardize", planned("standardize")),
    scalingFix(model, "min-max", minMax),
  ]).filter((fix, i, all) => all.findIndex((other) => other.title === fix.title) === i);
}

/** The same if a side has several arrays. */
function arrayFixes(
  model: ResolvedModel,
  off: readonly Pick<OffScale, "side" | "array">[],
  bounded: (output: string | null) => boolean,
): readonly Fix[] {
  const fix = (id: string, scalingOf: (part: (typeof off)[number]) => Scaling): MaybeFix => {
    const plans = off.map((part): ArrayPlan => ({ side: part.side, array: part.array, scaling: scalingOf(part) }));
    const edits = plans.map((plan) =>
      plan.array === null ? scalingEdits(model, { [plan.side]: plan.scaling }) : arrayEdits(model, plan),
    );
    const known = edits.flatMap((each) => (each && each.length > 0 ? [each] : []));
    return known.length < edits.length ? undefined : { id, title: titleOfArrays(plans), edits: known.flat() };
  };
  return present([
    fix("standardize", ({ side, array }) => (side === "targets" && bounded(array) ? "minMax" : "standardize")),
    fix("min-max", () => "minMax"),
  ]).filter((made, i, all) => all.findIndex((other) => other.title === made.title) === i);
}

/** Standardizes the inputs, for the layer that reads the data. */
export function standardizeInputsFix(model: ResolvedModel): MaybeFix {
  return scalingFix(model, "standardize", { inputs: "standardize" });
}

/** Undefined if a side is scaled already: that did not help. */
function scalingFix(model: ResolvedModel, id: string, plan: Plan): MaybeFix {
  const edits = scalingEdits(model, plan);
  return edits.length === 0 ? undefined : { id, title: titleOf(plan), edits };
}

function titleOf(plan: Plan): string {
  const { inputs, targets } = plan;
  if (inputs && inputs === targets) return scalingTitle(inputs, "both");
  const [first, ...rest] = (["inputs", "targets"] as const).flatMap((side) => {
    const scaling = plan[side];
    return scaling ? [scalingTitle(scaling, side)] : [];
  });
  return listWords().commas([first ?? "", ...rest.map((text) => text.charAt(0).toLowerCase() + text.slice(1))]);
}

/** Edits both keys, so that no side is scaled twice; what the config says about the other side stays. */
function scalingEdits({ data, dataPath }: ResolvedModel, plan: Plan): readonly ConfigEdit[] {
  if (data.kind === "task" || data.kind === "text") return [];
  const sides = (["inputs", "targets"] as const).filter((side) => plan[side] !== undefined);
  if (sides.length === 0 || sides.some((side) => scalingOf(data, side) !== null || hasOwnScaling(data, side)))
    return [];
  return (["standardize", "minMax"] as const).flatMap((key) => {
    const value = sidesOf(
      plan.inputs === undefined ? includes(data[key], "inputs") : plan.inputs === key,
      plan.targets === undefined ? includes(data[key], "targets") : plan.targets === key,
    );
    return value === data[key] ? [] : [{ path: [...dataPath, key], value }];
  });
}

/** Whether the only array of a side says how it is scaled, so that the key of its side has no effect. */
function hasOwnScaling(data: ResolvedModel["data"], side: Side): boolean {
  return data.kind === "arrays" && data[side].scaling !== undefined;
}

/** Scales by 1/255 in a layer of the net, so the data stay as they are for whoever feeds the trained net. */
function rescaleFix(model: ResolvedModel, targets: Scaling | null): MaybeFix {
  const edits = firstLayerEdits(model, { type: "rescaling", scale: 1 / 255 }, "rescaling");
  if (!edits) return undefined;
  const more = targets === null ? [] : scalingEdits(model, { targets });
  if (targets !== null && more.length === 0) return undefined;
  const and = targets === null ? "" : `, ${titleOf({ targets }).toLowerCase()}`;
  return { id: "rescale", title: fixWords().rescale(and), edits: [...edits, ...more] };
}

/** Whether the values are bytes, as images are stored. */
export function areBytes({ whole, min, max }: ColumnFacts): boolean {
  return whole && min >= 0 && max > 127 && max <= 255;
}
