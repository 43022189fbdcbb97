/** Writes docs/config.md from the config's schema: `npm run docs`. */

import fs from "node:fs";
import { configPage } from "../tools/docs/configPage.ts";

fs.writeFileSync("docs/config.md", configPage());
