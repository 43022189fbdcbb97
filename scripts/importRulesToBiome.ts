/** Writes the import rules into `biome.json`: `npm run import-rules`. */

import fs from "node:fs";
import path from "node:path";
import { importOverrides } from "../tools/importRules.ts";
import { root } from "../tools/root.ts";

const file = path.join(root, "biome.json");
const config: object = JSON.parse(fs.readFileSync(file, "utf8"));
fs.writeFileSync(file, `${JSON.stringify({ ...config, overrides: importOverrides() }, null, 2)}\n`);
