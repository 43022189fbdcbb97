/** Limits enforced on weights after each step: a name, or `{ "type": name, ...arguments }`. */

import * as z from "zod";
import { expectedWords } from "../../messages/expected.ts";
import { arg } from "./arg.ts";
import { atLeast, between, entry, whole } from "./values.ts";
import { nameOf, variants } from "./variants.ts";

const axis = arg(whole(0, 4), "Axis along which norms are taken; 0 is each unit's incoming weights.", 0);

const schemas = [
  entry({ type: z.literal("maxNorm"), maxValue: arg(atLeast(0), "The largest norm.", 2), axis }).meta({
    description: "Scales weights down to a largest norm.",
  }),
  entry({
    type: z.literal("minMaxNorm"),
    minValue: arg(atLeast(0), "The smallest norm.", 0),
    maxValue: arg(atLeast(0), "The largest norm.", 1),
    rate: arg(between(0, 1), "Share of the distance to the interval that is moved per step.", 1),
    axis,
  }).meta({ description: "Keeps the norm of weights within an interval." }),
  entry({ type: z.literal("nonNeg") }).meta({ description: "Sets negative weights to zero." }),
  entry({ type: z.literal("unitNorm"), axis }).meta({ description: "Scales weights to norm 1." }),
] as const;

export const constraintNames = schemas.map((schema) => schema.shape.type.value);
export const constraintSchemas: readonly z.ZodObject[] = schemas;

export const constraint = z
  .union(
    [
      nameOf(schemas, "maxNorm", "minMaxNorm", "nonNeg", "unitNorm"),
      variants({ key: "type", noun: () => expectedWords().nouns.constraint }, schemas),
    ],
    { error: () => expectedWords().constraint },
  )
  .meta({ id: "constraint" });
