/** Commands about Python programs and their runs. */

import { programs as en } from "./en/programs.ts";
import { inLanguages } from "./language.ts";
import { programs as zh } from "./zh/programs.ts";

export const programWords = inLanguages(en, zh);
