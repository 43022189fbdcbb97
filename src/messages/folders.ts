/** Why a folder or a file cannot be written. */

import { folders as en } from "./en/folders.ts";
import { inLanguages } from "./language.ts";
import { folders as zh } from "./zh/folders.ts";

export const folderWords = inLanguages(en, zh);
