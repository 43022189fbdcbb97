/** Penalties added to the loss: a name, or `{ "type": name, ...arguments }`. */

import * as z from "zod";
import { expectedWords } from "../../messages/expected.ts";
import { arg } from "./arg.ts";
import { atLeast, entry } from "./values.ts";
import { nameOf, variants } from "./variants.ts";

const l1 = arg(atLeast(0), "Factor of the sum of absolute values.", 0.01);
const l2 = arg(atLeast(0), "Factor of the sum of squares.", 0.01);

const shown =
  "It affects the gradients of the weights, but neither the displayed loss nor the state gradients: those belong to the data loss.";

const schemas = [
  entry({ type: z.literal("l1"), l1 }).meta({
    description: `\`l1\` × Σ|w|. Shrinks every weight by the same amount at each step: small ones become zero, and the gain falls. ${shown}`,
  }),
  entry({ type: z.literal("l2"), l2 }).meta({
    description: `\`l2\` × Σw². Pulls weights towards zero, and so lowers the gain. ${shown}`,
  }),
  entry({ type: z.literal("l1l2"), l1, l2 }).meta({ description: `\`l1\` × Σ|w| + \`l2\` × Σw². ${shown}` }),
] as const;

export const regularizerNames = schemas.map((schema) => schema.shape.type.value);
export const regularizerSchemas: readonly z.ZodObject[] = schemas;

export const regularizer = z
  .union(
    [
      nameOf(schemas, "l1", "l2", "l1l2"),
      variants({ key: "type", noun: () => expectedWords().nouns.regularizer }, schemas),
    ],
    {
      error: () => expectedWords().regularizer,
    },
  )
  .meta({ id: "regularizer" });
