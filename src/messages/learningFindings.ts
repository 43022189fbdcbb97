/** Findings about data, loss and what holds the training back. */

import { learningFindings as en } from "./en/learningFindings.ts";
import { inLanguages } from "./language.ts";
import { learningFindings as zh } from "./zh/learningFindings.ts";

export const learningWords = inLanguages(en, zh);
