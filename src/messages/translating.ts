/** Why a layer of a saved model has no equivalent here, and what is measured differently from the file. */

import { translating as en } from "./en/translating.ts";
import { inLanguages } from "./language.ts";
import { translating as zh } from "./zh/translating.ts";

export const translationWords = inLanguages(en, zh);
