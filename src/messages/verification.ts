/** The verdicts on fixes, and what a verification concludes. */

import { verification as en } from "./en/verification.ts";
import { inLanguages } from "./language.ts";
import { verification as zh } from "./zh/verification.ts";

export const verificationWords = inLanguages(en, zh);
