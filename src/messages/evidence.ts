/** Names and units of the numbers behind a finding. */

import { evidence as en } from "./en/evidence.ts";
import { inLanguages } from "./language.ts";
import { evidence as zh } from "./zh/evidence.ts";

export const evidenceWords = inLanguages(en, zh);
