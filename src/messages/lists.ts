/** How parts become a sentence, and sentences a text. */

import { lists as en } from "./en/lists.ts";
import { inLanguages } from "./language.ts";
import { lists as zh } from "./zh/lists.ts";

export const listWords = inLanguages(en, zh);
