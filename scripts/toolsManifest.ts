/** Writes the language models' tools into the manifest: `npm run docs`. */

import fs from "node:fs";
import { manifestWithTools } from "../tools/docs/toolsManifest.ts";

fs.writeFileSync("package.json", await manifestWithTools(fs.readFileSync("package.json", "utf8")));
