/** What a deep probe's figures mean. */

import { deepTexts as en } from "./en/deepTexts.ts";
import { inLanguages } from "./language.ts";
import { deepTexts as zh } from "./zh/deepTexts.ts";

export const deepWords = inLanguages(en, zh);
