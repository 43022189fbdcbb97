/** Long computations as generators that pause between pieces, so that their caller may do something else meanwhile. */

/** A computation of a T; what it yields has no meaning. */
export type Pieces<T> = Generator<void, T, void>;

/** The result of a computation without any pause. */
export function whole<T>(pieces: Pieces<T>): T {
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
  }
}
