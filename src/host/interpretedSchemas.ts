/**
 * Import this before anything that has a schema. zod reads `navigator` to find out whether it may compile validators,
 * and VS Code then complains in its log.
 */

import { config } from "zod";

config({ jitless: true });
