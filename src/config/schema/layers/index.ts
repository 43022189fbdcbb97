/** Every layer type of the config. */

import { z } from "zod";

export const layerSchema = z.looseObject({ type: z.string({ error: "the name of a layer" }) }, { error: "an object" });

/** Layers that combine several inputs into one output. */
export const mergeTypes: readonly string[] = ["add", "average", "concatenate", "dot", "maximum", "minimum", "multiply"];
