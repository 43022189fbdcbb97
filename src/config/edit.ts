/** Edits of a config's text that keep its comments and formatting. */

import type { JsonPath, JsonValue } from "./resolved.ts";

/**
 * Sets the value at `path`, creating properties on the way, or removes it if `value` is undefined. With `insert`, the
 * path ends in an index of a list, and the value is inserted before the present item there.
 */
export interface ConfigEdit {
  readonly path: JsonPath;
  readonly value?: JsonValue | undefined;
  readonly insert?: true | undefined;
}
