/** Writes the README's table of examples from the claims that the tests verify: `npm run docs`. */

import fs from "node:fs";
import { withTable } from "../tools/examples/table.ts";

fs.writeFileSync("README.md", withTable(fs.readFileSync("README.md", "utf8")));
