/** Whether a model's layers, data, loss and labels fit each other. */

import { fit as en } from "./en/fit.ts";
import { inLanguages } from "./language.ts";
import { fit as zh } from "./zh/fit.ts";

export const fitWords = inLanguages(en, zh);
