/** A choice between objects that are distinguished by one of their properties. */

import * as z from "zod";
import { configWords } from "../../messages/config.ts";
import { expectedWords } from "../../messages/expected.ts";
import { didYouMean, some } from "../didYouMean.ts";
import { shorten } from "../shorten.ts";
import { choice } from "./values.ts";

type Variant<K extends string> = z.ZodObject<{ [key in K]: z.ZodLiteral<string> }, z.core.$strict>;

export interface Variants {
  /** The distinguishing property. */
  readonly key: string;
  /** The noun for one of them, e.g. `an optimizer`. */
  readonly noun: () => string;
  /** A hint for a name that is not a variant but means something elsewhere. */
  readonly hint?: (name: string) => string | null;
}

/** If no variant has the name, the issue's message is the whole sentence. */
export function variants<K extends string, const T extends readonly [Variant<K>, ...Variant<K>[]]>(
  { key, noun, hint }: Variants & { readonly key: K },
  schemas: T,
): z.ZodDiscriminatedUnion<T, K> {
  const names = schemas.map((schema) => schema.shape[key].value);
  return z.discriminatedUnion(key, schemas, {
    error: (issue) => {
      if (issue.code !== "invalid_union")
        return expectedWords().like({ noun: noun(), example: `{ "${key}": "${names[0]}" }` });
      const name = property(issue.input, key);
      if (typeof name !== "string") return configWords().needsKey({ noun: noun(), key, names: some(names, "or") });
      return configWords().isNot({
        name: shorten(name),
        noun: noun(),
        hint: hint?.(name) ?? (didYouMean(name, names) || configWords().thereIs(some(names, "or"))),
      });
    },
  });
}

/** The name of a variant alone, for variants that need no arguments. Editors show each one's description. */
export function nameOf<const T extends readonly [string, ...string[]]>(
  schemas: readonly Variant<"type">[],
  ...names: T
): z.ZodEnum<{ [K in T[number]]: K }> {
  const described = names.map((name) => schemas.find(({ shape }) => shape.type.value === name)?.description ?? "");
  return choice(...names).meta({ enumDescriptions: described });
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}
