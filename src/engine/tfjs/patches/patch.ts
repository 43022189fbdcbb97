/** What is known of a place where tfjs is completed or corrected. */

export interface Patch {
  /** What is replaced or added. */
  readonly what: string;
  /** The version of tfjs that needs the patch; a later version should be tried without it. */
  readonly tfjs: string;
  /** What goes wrong without the patch. */
  readonly symptom: string;
  /** A file below test/unit/engine that fails without the patch. */
  readonly test: string;
  /** Why the patch stands at its place in this list, or happens where it does. */
  readonly place: string;
  /**
   * Registers the patch, once per process; or the module below src/engine that applies it for each layer, weight or
   * process.
   */
  readonly how: (() => void) | string;
}
