/** The charts of the panel's page: titles, axes, legends, tools, tables. */

import { charts as en } from "./en/charts.ts";
import { inLanguages } from "./language.ts";
import { charts as zh } from "./zh/charts.ts";

export const chartWords = inLanguages(en, zh);
