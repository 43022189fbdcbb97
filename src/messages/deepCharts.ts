/** The deep probe in the panel's page. */

import { deepCharts as en } from "./en/deepCharts.ts";
import { inLanguages } from "./language.ts";
import { deepCharts as zh } from "./zh/deepCharts.ts";

export const deepChartWords = inLanguages(en, zh);
