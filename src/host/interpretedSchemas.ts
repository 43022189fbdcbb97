/**
 * To find out whether it may compile validators, zod looks at `navigator`, of which VS Code then complains in its log.
 * Imported before anything that has a schema.
 */

import { config } from "zod";

config({ jitless: true });
