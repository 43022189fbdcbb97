/** Files of data: why one cannot be read or used, and what its fixes do. */

import { files as en } from "./en/files.ts";
import { inLanguages } from "./language.ts";
import { files as zh } from "./zh/files.ts";

export const fileWords = inLanguages(en, zh);
