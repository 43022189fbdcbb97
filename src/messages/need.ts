/** How far back a net uses its inputs, and what a state is. */

import { need as en } from "./en/need.ts";
import { inLanguages } from "./language.ts";
import { need as zh } from "./zh/need.ts";

export const needWords = inLanguages(en, zh);
