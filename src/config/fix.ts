/** An edit of the config that fixes a finding or a problem. */

import type { ConfigEdit } from "./edit.ts";

/** A fix is never applied without the user. */
export interface Fix {
  readonly id: string;
  /** Imperative, e.g. `Clip gradients by global norm 1`. */
  readonly title: string;
  readonly edits: readonly ConfigEdit[];
}
