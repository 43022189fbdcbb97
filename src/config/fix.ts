/** An edit of the config that puts something right, for a finding or for a problem. */

import type { ConfigEdit } from "./edit.ts";

/** Never applied without the user. */
export interface Fix {
  readonly id: string;
  /** Imperative, e.g. `Clip gradients by global norm 1`. */
  readonly title: string;
  readonly edits: readonly ConfigEdit[];
}
