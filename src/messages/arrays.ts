/** Arrays in files, and whether they suit the layers and the loss. */

import { arrays as en } from "./en/arrays.ts";
import { inLanguages } from "./language.ts";
import { arrays as zh } from "./zh/arrays.ts";

export const arrayWords = inLanguages(en, zh);
