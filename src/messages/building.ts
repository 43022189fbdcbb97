/** Why a model cannot be built as its config says, or its training not go on: problems with their remedies. */

import { building as en } from "./en/building.ts";
import { inLanguages } from "./language.ts";
import { building as zh } from "./zh/building.ts";

export const buildingWords = inLanguages(en, zh);
