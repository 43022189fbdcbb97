/** Documents about runs and the machine: exported reports and the doctor's. */

import { documents as en } from "./en/documents.ts";
import { inLanguages } from "./language.ts";
import { documents as zh } from "./zh/documents.ts";

export const documentWords = inLanguages(en, zh);
