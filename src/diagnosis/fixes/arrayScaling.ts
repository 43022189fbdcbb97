/** Edits and titles for scaling single arrays among several inputs or outputs. */

import type { ConfigEdit } from "../../config/edit.ts";
import type { JsonValue, ResolvedModel } from "../../config/resolved.ts";
import { type Scaling, type Side, scalingOfArray } from "../../config/scaling.ts";
import { fixWords } from "../../messages/fixes.ts";
import { listWords } from "../../messages/lists.ts";

/** An array that is to be scaled. */
export interface ArrayPlan {
  readonly side: Side;
  /** Name of the input or output; null: the only array of its side. */
  readonly array: string | null;
  readonly scaling: Scaling;
}

/** Undefined if the array has a scaling already: that did not help. */
export function arrayEdits({ data, dataPath }: ResolvedModel, plan: ArrayPlan): readonly ConfigEdit[] | undefined {
  const { side, array: name, scaling } = plan;
  if (data.kind !== "namedArrays") return undefined;
  const given = data[side].find((each) => each.name === name);
  if (!given || scalingOfArray(given, data, side) !== null) return undefined;
  const { file, array, encoding } = given;
  // An array that is given only by its file becomes an object; the keys of an object stay as they are.
  const value: { [key: string]: JsonValue } = {
    file,
    ...(array !== null && { array }),
    ...(encoding !== undefined && { encoding }),
    scaling,
  };
  return [{ path: [...dataPath, side, given.name ?? ""], value }];
}

/** `Standardize the inputs "price", scale the targets "sales" to 0 … 1`. */
export function titleOfArrays(plans: readonly ArrayPlan[]): string {
  const [first, ...rest] = (["standardize", "minMax"] as const).flatMap((scaling) => {
    const names = plans
      .filter((plan) => plan.scaling === scaling)
      .map(({ side, array }) => fixWords().array({ side, array }));
    if (names.length === 0) return [];
    const all = listWords().and(names);
    return [scaling === "standardize" ? fixWords().standardizeArrays(all) : fixWords().scaleArrays(all)];
  });
  return listWords().commas([first ?? "", ...rest.map((text) => text.charAt(0).toLowerCase() + text.slice(1))]);
}
