/** The runs tree, the status bar, notifications, and what commands ask. */

import { host as en } from "./en/host.ts";
import { inLanguages } from "./language.ts";
import { host as zh } from "./zh/host.ts";

export const hostWords = inLanguages(en, zh);
