/**
 * How often new data may be drawn. All that a page draws, the whole window has to show, and a window that cannot keep up
 * answers no click. This happens on machines without a graphics card, and while a training takes all processors.
 */

/** Milliseconds from one frame to the next that a window may take before it counts as overloaded. */
const smooth = 40;
/** An overloaded window gets this many times what a frame took to itself. */
const share = 4;
/** It gets at most this many milliseconds. */
export const longestPause = 500;

export class Pace {
  #rested = Number.NEGATIVE_INFINITY;

  /** When new data may be drawn again, in milliseconds. */
  get next(): number {
    return this.#rested;
  }

  /** @param drawn when a frame began that was drawn; `after`: when the frame after it began */
  shown(drawn: number, after: number): void {
    const took = after - drawn;
    if (took > smooth) this.#rested = after + Math.min(longestPause, share * took);
  }
}
