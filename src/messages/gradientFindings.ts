/** Findings about gradients, units and gates. */

import { gradientFindings as en } from "./en/gradientFindings.ts";
import { inLanguages } from "./language.ts";
import { gradientFindings as zh } from "./zh/gradientFindings.ts";

export const gradientWords = inLanguages(en, zh);
