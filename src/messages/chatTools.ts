/** What people read while a language model uses the tools, and before they let it run one. */

import { chatTools as en } from "./en/chatTools.ts";
import { inLanguages } from "./language.ts";
import { chatTools as zh } from "./zh/chatTools.ts";

export const toolWords = inLanguages(en, zh);
