/** Facts about data, and how far back a task depends on its inputs. */

import { dataTexts as en } from "./en/dataTexts.ts";
import { inLanguages } from "./language.ts";
import { dataTexts as zh } from "./zh/dataTexts.ts";

export const dataWords = inLanguages(en, zh);
