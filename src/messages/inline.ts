/** What stands in the editor: lenses, hovers, diagnostics, quick fixes, and how runs ended. */

import { inline as en } from "./en/inline.ts";
import { inLanguages } from "./language.ts";
import { inline as zh } from "./zh/inline.ts";

export const inlineWords = inLanguages(en, zh);
