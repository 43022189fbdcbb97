/**
 * Builders of leaf schemas. The `error` of each is not a sentence but the description of what is expected ("a whole
 * number from 1 to 8192"); `problemsOf` makes the sentence, because only it knows the actual value and its place.
 */

import * as z from "zod";
import { expectedWords } from "../../messages/expected.ts";

/** Asked for when a value is wrong, because the language is chosen after the schema is built. */
export type Expected = () => string;

export function whole(min: number, max: number): z.ZodNumber {
  const error = () => expectedWords().whole({ min, max });
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

/** A number from `min` to `max`, both included. */
export function between(min: number, max: number): z.ZodNumber {
  const error = () => expectedWords().between({ min, max });
  return z.number({ error }).min(min, { error }).max(max, { error });
}

/** A number above `min`. */
export function above(min: number): z.ZodNumber {
  const error = () => expectedWords().above(min);
  return z.number({ error }).gt(min, { error });
}

/** A number from `min` to below `max`. */
export function halfOpen(min: number, max: number): z.ZodNumber {
  const error = () => expectedWords().halfOpen({ min, max });
  return z.number({ error }).min(min, { error }).lt(max, { error });
}

/** A number above `min` and below `max`. */
export function inside(min: number, max: number): z.ZodNumber {
  const error = () => expectedWords().inside({ min, max });
  return z.number({ error }).gt(min, { error }).lt(max, { error });
}

export function atLeast(min: number): z.ZodNumber {
  const error = () => expectedWords().atLeast(min);
  return z.number({ error }).min(min, { error });
}

export const anyNumber = (): z.ZodNumber => z.number({ error: () => expectedWords().number });

export const flag = (): z.ZodBoolean => z.boolean({ error: () => expectedWords().flag });

export function choice<const T extends readonly [string, ...string[]]>(
  ...names: T
): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(names, { error: () => oneOf(names) });
}

export function text(expected: Expected): z.ZodString {
  return z.string({ error: expected }).min(1, { error: expected });
}

export function list<T extends z.ZodType>(item: T, expected: Expected, min = 1): z.ZodArray<T> {
  return z.array(item, { error: expected }).min(min, { error: expected });
}

/** An object with these keys and no others. For unknown keys, `error` lists the known ones, separated by spaces. */
export function entry<S extends z.ZodRawShape>(
  shape: S,
  expected: Expected = () => expectedWords().object,
): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(" ") : expected()),
  });
}

export function oneOf(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length === 1 ? quoted[0]! : expectedWords().oneOf(quoted.join(", "));
}

/** A check that a list has no duplicates. @param expected what a repeated item should have been */
export function distinct<T>(expected: Expected): (context: z.core.ParsePayload<T[]>) => void {
  return (context) => {
    const seen = new Set<T>();
    for (const [i, input] of context.value.entries()) {
      if (seen.has(input)) context.issues.push({ code: "custom", path: [i], input, message: expected() });
      seen.add(input);
    }
  };
}
