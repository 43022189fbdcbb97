/** How far back a trained net uses its inputs, measured at the end of its run. */

import * as z from "zod";
import type { Immutable } from "../config/immutable.ts";
import { anyNumber } from "./numbers.ts";

/**
 * Most losses to report: the search doubles a lag and then halves a distance, so these are enough for any T below 2³¹.
 */
export const maxNeedCurve = 64;

export const measuredNeedSchema = z.strictObject({
  /**
   * Timesteps of the data, back from the last or from each one with a target, beyond which inputs can be exchanged
   * among samples without a significantly higher loss; 0: only the last one counts. Null: the loss does not depend on
   * the inputs at all.
   */
  lag: z.int().nonnegative().nullable(),
  /** T of the data. */
  timesteps: z.int().positive(),
  /** Loss of the unchanged samples. */
  loss: anyNumber,
  /** Loss with all inputs exchanged. */
  lossWithout: anyNumber,
  /** Number of samples it was measured on, and whether they were held out for testing. */
  samples: z.int().positive(),
  held: z.boolean(),
  /**
   * Losses with everything older than a lag exchanged; ascending. With targets at every timestep, only those after the
   * exchanged part count.
   */
  curve: z.array(z.strictObject({ lag: z.int().nonnegative(), loss: anyNumber })).max(maxNeedCurve),
});
export type MeasuredNeed = Immutable<z.infer<typeof measuredNeedSchema>>;
