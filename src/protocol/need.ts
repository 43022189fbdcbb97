/** How far back a trained net uses its inputs, measured at the end of its run. */

import * as z from "zod";
import { anyNumber } from "./schemas.ts";

/** Losses that are told: the search doubles a lag and then halves a distance, so that these are enough for any T below 2³¹. */
export const maxNeedCurve = 64;

export const measuredNeedSchema = z.strictObject({
  /**
   * Timesteps of the data, back from the last or from each one that has a target, beyond which inputs can be exchanged among
   * samples without the loss becoming surely higher; 0: only the last counts. Null: its loss does not depend on them at all.
   */
  lag: z.int().nonnegative().nullable(),
  /** T of the data. */
  timesteps: z.int().positive(),
  /** Of the samples as they are. */
  loss: anyNumber,
  /** With all inputs exchanged. */
  lossWithout: anyNumber,
  /** How many samples it was measured on, and whether they were kept for testing. */
  samples: z.int().positive(),
  held: z.boolean(),
  /** Losses with everything older than a lag exchanged; ascending. Of targets at every timestep those after the exchanged part count. */
  curve: z
    .array(z.strictObject({ lag: z.int().nonnegative(), loss: anyNumber }))
    .max(maxNeedCurve)
    .readonly(),
});
export type MeasuredNeed = Readonly<z.infer<typeof measuredNeedSchema>>;
