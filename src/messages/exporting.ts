/** What of a model or its training has no equivalent in another framework. */

import { exporting as en } from "./en/exporting.ts";
import { inLanguages } from "./language.ts";
import { exporting as zh } from "./zh/exporting.ts";

export const exportWords = inLanguages(en, zh);
