/**
 * The Chinese explanations of a config's keys, by the English ones that the schema has. The build writes them into a file
 * beside the schema, because no program but the extension host needs them.
 */

import { data } from "./data.ts";
import { diagnosis } from "./diagnosis.ts";
import { images } from "./images.ts";
import { layers } from "./layers.ts";
import { recurrent } from "./recurrent.ts";
import { training } from "./training.ts";
import { weights } from "./weights.ts";

export const chineseByEnglish: ReadonlyMap<string, string> = new Map(
  [data, diagnosis, images, layers, recurrent, training, weights].flatMap((part) => Object.entries(part)),
);
