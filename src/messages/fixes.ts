/** The titles of fixes. */

import { fixes as en } from "./en/fixes.ts";
import { inLanguages } from "./language.ts";
import { fixes as zh } from "./zh/fixes.ts";

export const fixWords = inLanguages(en, zh);
