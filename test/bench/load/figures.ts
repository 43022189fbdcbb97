/** What the host's process of the load reports. */

import * as z from "zod";

export const loadFiguresSchema = z.object({
  /** Number of the last step that came. */
  steps: z.number(),
  frames: z.number(),
  end: z.string(),
  /** Largest resident memory of the engine's process. */
  engineMegabytes: z.number(),
  /** Largest resident memory less that after the first frames. */
  hostGrowth: z.number(),
  /** Memory in use after a collection, less that after the first frames. */
  heapGrowth: z.number(),
  /** Milliseconds for which the event loop was late. */
  longestDelay: z.number(),
  /** Milliseconds of the processor that one turn of the event loop took, however many other programs ran; null: not known. */
  longestTurn: z.number().nullable(),
  delay99: z.number(),
  sentMegabytes: z.number(),
});
export type LoadFigures = Readonly<z.infer<typeof loadFiguresSchema>>;
