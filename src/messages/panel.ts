/** The panel's page: runs, header, empty states, findings, layers, comparisons, verified fixes. */

import { panel as en } from "./en/panel.ts";
import { inLanguages } from "./language.ts";
import { panel as zh } from "./zh/panel.ts";

export const panelWords = inLanguages(en, zh);
