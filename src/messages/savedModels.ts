/** Why a saved model's file cannot be loaded. Each is said of the file, whose name stands before it. */

import { savedModels as en } from "./en/savedModels.ts";
import { inLanguages } from "./language.ts";
import { savedModels as zh } from "./zh/savedModels.ts";

export const savedWords = inLanguages(en, zh);
