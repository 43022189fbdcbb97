/** Nets as people have them: their own data, losses and padding, with what commonly goes wrong there and healthy controls. */

import type { ZooEntry } from "../entry.ts";

export const practice: readonly ZooEntry[] = [];
