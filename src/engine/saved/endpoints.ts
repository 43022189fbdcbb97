/** Reads which tensors are a saved model's inputs and outputs. */

import type { JsonValue } from "../../config/resolved.ts";
import { isList, objectAt } from "../formats/models/savedModel.ts";
import type { Source } from "./calls.ts";

/** `["out", 0, 0]` for a single endpoint; otherwise a list of them, or an object with a name for each. */
export function endpoints(value: JsonValue | undefined): readonly Source[] {
  if (!isList(value)) return Object.values(objectAt(value) ?? {}).flatMap(endpoints);
  const [layer, use, output] = value;
  if (typeof layer !== "string") return value.flatMap(endpoints);
  return [{ layer, use: typeof use === "number" ? use : 0, output: typeof output === "number" ? output : 0 }];
}

/** The endpoints with their layers' names and the names that the file gives them besides. */
export function namedEndpoints(value: JsonValue | undefined): readonly { readonly names: readonly string[] }[] {
  const named = isList(value) ? null : objectAt(value);
  if (!named) return endpoints(value).map(({ layer }) => ({ names: [layer] }));
  return Object.entries(named).flatMap(([key, each]) => endpoints(each).map(({ layer }) => ({ names: [key, layer] })));
}
