/** A fault in a config, or in a file that it names, that its author can fix. */

import type { Fix } from "./fix.ts";
import type { JsonPath } from "./resolved.ts";

export interface Problem {
  /** `information`: nothing is wrong; the message says how a file was read. */
  readonly severity: "error" | "warning" | "information";
  /** What is wrong and what is expected, in one or two sentences. */
  readonly message: string;
  /** The value (or key, see `on`) that it is about. */
  readonly path: JsonPath;
  /** Whether the squiggle belongs under the value or under the property's name. */
  readonly on: "value" | "key";
  /** Set by the parser for syntax errors, which have no path: characters in the source. */
  readonly offset?: number;
  readonly length?: number;
  /** Edits that fix it, the best first; none if no edit is exact. */
  readonly fixes?: readonly Fix[];
}
