/** Tables: how one was read, and what is wrong with its cells. */

import { tables as en } from "./en/tables.ts";
import { inLanguages } from "./language.ts";
import { tables as zh } from "./zh/tables.ts";

export const tableWords = inLanguages(en, zh);
