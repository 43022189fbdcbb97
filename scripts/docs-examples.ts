/** Writes the README's table of examples from what the tests hold them to: `npm run docs`. */

import fs from "node:fs";
import { withTable } from "../tools/examples/table.ts";

fs.writeFileSync("README.md", withTable(fs.readFileSync("README.md", "utf8")));
