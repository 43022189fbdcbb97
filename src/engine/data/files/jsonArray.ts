/** Nested lists of numbers in JSON. */

import { visit } from "jsonc-parser";
import { maxDataValues } from "../dataset.ts";
import { chooseName } from "./chooseName.ts";
import { maxAxes, type NumberArray, valueFault } from "./numberArray.ts";
import type { FileFault } from "./readFile.ts";

/**
 * @param shown what messages call the file.
 * @param wanted which key, where the file holds an object; null: the only one, else `usual`.
 */
export function parseJsonArray(
  text: string,
  shown: string,
  wanted: string | null,
  usual: string,
): NumberArray | FileFault {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return {
      fault: `${shown} is not well-formed JSON${mistakeIn(text)}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  if (Array.isArray(content)) {
    if (wanted === null) return flatten(content, shown);
    return { fault: `${shown} is a list; it has no array "${wanted}". Leave "array" out.`, about: "array" };
  }
  if (typeof content !== "object" || content === null) {
    return { fault: `${shown} must hold nested lists of numbers, or an object with such lists.` };
  }
  const entries = Object.entries(content);
  const chosen = chooseName(
    entries.map(([name]) => name),
    shown,
    wanted,
    usual,
  );
  if ("fault" in chosen) return chosen;
  const value: unknown = entries.find(([name]) => name === chosen.name)?.[1];
  const name = `"${chosen.name}" in ${shown}`;
  return Array.isArray(value) ? flatten(value, name) : { fault: `${name} must be nested lists of numbers.` };
}

/** Where the first mistake is; not every version of Node tells. */
function mistakeIn(text: string): string {
  let first: string | null = null;
  const onError = (_: number, __: number, ___: number, line: number, character: number): void => {
    first ??= ` (line ${line + 1}, column ${character + 1})`;
  };
  try {
    visit(text, { onError }, { disallowComments: true });
  } catch {
    // Too deeply nested to be followed.
  }
  return first ?? "";
}

function flatten(list: readonly unknown[], shown: string): NumberArray | FileFault {
  const shape = shapeOf(list);
  if (shape.length > maxAxes) return { fault: `${shown} has more than ${maxAxes} axes, the limit.` };
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > maxDataValues) {
    return { fault: `${shown} has ${count} values; the limit is ${maxDataValues} (400 MB). Use a part of it.` };
  }
  const numbers = new Float64Array(count);
  let filled = 0;
  const place: number[] = [];
  const visit = (value: unknown, axis: number): string | null => {
    const at = () => (axis === 0 ? "" : ` at [${place.slice(0, axis).join(", ")}]`);
    const size = shape[axis];
    if (size === undefined) {
      if (typeof value !== "number") return `${shown} has ${kindOf(value)}${at()}, where a number is expected.`;
      numbers[filled++] = value;
      return null;
    }
    if (!Array.isArray(value)) return `${shown} has ${kindOf(value)}${at()}, where a list of ${size} is expected.`;
    if (value.length !== size) {
      return `${shown} is ragged: the list${at()} has ${value.length}, but those before it have ${size}.`;
    }
    for (const [i, item] of value.entries()) {
      place[axis] = i;
      const wrong = visit(item, axis + 1);
      if (wrong !== null) return wrong;
    }
    return null;
  };
  const wrong = visit(list, 0);
  if (wrong !== null) return { fault: wrong };
  const array = { shape, values: Float32Array.from(numbers) };
  const infinite = valueFault(array, shown, (i) => numbers[i]!);
  return infinite === null ? array : { fault: infinite };
}

/** As the first entries of all axes have it. */
function shapeOf(list: readonly unknown[]): readonly number[] {
  const shape: number[] = [];
  for (let value: unknown = list; Array.isArray(value) && shape.length <= maxAxes; value = value[0]) {
    shape.push(value.length);
  }
  return shape;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return JSON.stringify(value).slice(0, 30);
}
