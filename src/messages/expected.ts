/** What values of a config should have been. */

import { expected as en } from "./en/expected.ts";
import { inLanguages } from "./language.ts";
import { expected as zh } from "./zh/expected.ts";

export const expectedWords = inLanguages(en, zh);
