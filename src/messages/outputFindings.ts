/** Findings about outputs that do not fit their loss or targets. */

import { outputFindings as en } from "./en/outputFindings.ts";
import { inLanguages } from "./language.ts";
import { outputFindings as zh } from "./zh/outputFindings.ts";

export const outputWords = inLanguages(en, zh);
