/** Writes the tables of settings of both READMEs from the manifest: `npm run docs`. */

import fs from "node:fs";
import { settingsPages } from "../tools/docs/settingsTable.ts";

for (const [file, text] of settingsPages((name) => fs.readFileSync(name, "utf8"))) fs.writeFileSync(file, text);
