/** How grave a finding is and why, and how far a gradient reaches. */

import { verdicts as en } from "./en/verdicts.ts";
import { inLanguages } from "./language.ts";
import { verdicts as zh } from "./zh/verdicts.ts";

export const verdictWords = inLanguages(en, zh);
