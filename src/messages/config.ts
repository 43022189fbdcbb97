/** What is wrong with a config, with the remedy. */

import { config as en } from "./en/config.ts";
import { inLanguages } from "./language.ts";
import { config as zh } from "./zh/config.ts";

export const configWords = inLanguages(en, zh);
