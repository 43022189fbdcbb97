/** What stops the reading of a file: JSON and zip that are not well-formed, limits, and files of other kinds. */

import { reading as en } from "./en/reading.ts";
import { inLanguages } from "./language.ts";
import { reading as zh } from "./zh/reading.ts";

export const readingWords = inLanguages(en, zh);
