/** How a table was read: its layout, its rows, and their order in time. */

import { tableNotes as en } from "./en/tableNotes.ts";
import { inLanguages } from "./language.ts";
import { tableNotes as zh } from "./zh/tableNotes.ts";

export const noteWords = inLanguages(en, zh);
