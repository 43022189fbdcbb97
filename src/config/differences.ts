/** What differs between two models, key by key, for people. */

import * as z from "zod";
import type { ResolvedModel } from "./resolved.ts";
import { shorten } from "./shorten.ts";

export const differenceSchema = z.strictObject({
  /** Its place in a model's entry: `layers[0].units`, `training.optimizer.learningRate`. */
  key: z.string(),
  /** The value on either side; `–` if it has none. */
  here: z.string(),
  there: z.string(),
});
export type Difference = Readonly<z.infer<typeof differenceSchema>>;

/** Most differences in the list; one more entry gives the number of the others. */
export const mostDifferences = 20;

const none = "–";

/** Places in the text, and names that follow from the rest. */
const untold = new Set(["path", "dataPath", "trainingPath", "place", "name", "base", "inputs", "outputs"]);

/** In the order of the entry: layers, then data, training and diagnosis. */
export function differencesOf(here: ResolvedModel, there: ResolvedModel): readonly Difference[] {
  const [mine, theirs] = [flat(here), flat(there)];
  const all = [...new Set([...mine.keys(), ...theirs.keys()])].flatMap((key): readonly Difference[] => {
    const [a, b] = [mine.get(key) ?? none, theirs.get(key) ?? none];
    return a === b ? [] : [{ key, here: shorten(a), there: shorten(b) }];
  });
  const rest = all.length - mostDifferences;
  if (rest <= 0) return all;
  return [...all.slice(0, mostDifferences), { key: `and ${rest} more`, here: "…", there: "…" }];
}

/** Every value of a model by its key. */
function flat(model: ResolvedModel): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (key: string, value: unknown): void => {
    if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
      for (const [i, item] of value.entries()) add(`${key}[${i}]`, item);
      return;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      if (value !== null && value !== undefined)
        found.set(key, typeof value === "string" ? value : JSON.stringify(value));
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      if (untold.has(name)) continue;
      // The arguments of a layer stand beside its type in the config.
      add(name === "args" ? key : key === "" ? name : `${key}.${name}`, inner);
    }
  };
  const { layers, file, weights, data, training, diagnosis } = model;
  add("", { layers, file, weights, data, training, diagnosis });
  return found;
}
