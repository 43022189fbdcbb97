/** The command line: commands, options, usage errors, progress, refusals, ends. */

import { cli as en } from "./en/cli.ts";
import { inLanguages } from "./language.ts";
import { cli as zh } from "./zh/cli.ts";

export const cliWords = inLanguages(en, zh);
