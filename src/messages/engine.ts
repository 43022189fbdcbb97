/** What the engine says of itself: backends, kernels, the deep probe, how runs end early. */

import { engine as en } from "./en/engine.ts";
import { inLanguages } from "./language.ts";
import { engine as zh } from "./zh/engine.ts";

export const engineWords = inLanguages(en, zh);
