/** The command line's reports: models, tables, verified fixes, deep probes. */

import { report as en } from "./en/report.ts";
import { inLanguages } from "./language.ts";
import { report as zh } from "./zh/report.ts";

export const reportWords = inLanguages(en, zh);
