/** Relations between the places of edits. */

import type { ConfigEdit } from "../../config/edit.ts";
import type { JsonPath } from "../../config/resolved.ts";

export function startsWith(path: JsonPath, start: JsonPath): boolean {
  return start.length <= path.length && start.every((key, i) => path[i] === key);
}

export function removesItem({ path, value }: ConfigEdit): boolean {
  return value === undefined && typeof path.at(-1) === "number";
}
