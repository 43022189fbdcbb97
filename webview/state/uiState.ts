/** The user's choices: all that the page itself remembers. Data is fetched again. */

import * as z from "zod";
import { checkpointKinds } from "../../src/protocol/deep.ts";
import { chartNames } from "../../src/protocol/panelMessages.ts";

const uiStateSchema = z.object({
  /** Name of the recurrent layer in the heat map; null for the first. */
  layer: z.string().nullable().catch(null),
  /** Channel in the heat map; null for the first of the layer. */
  channel: z.string().nullable().catch(null),
  /** Colour range: from this layer's values, from all recurrent layers', or the same for every run. */
  range: z.enum(["layer", "shared", "fixed"]).catch("layer"),
  /** Pinned step; null follows the newest. */
  step: z.number().positive().nullable().catch(null),
  /** Pinned timestep. */
  timestep: z.number().int().positive().nullable().catch(null),
  /** The display is frozen; the run goes on. */
  paused: z.boolean().catch(false),
  /** Charts shown as data tables. */
  tables: z.array(z.enum(chartNames)).catch([]),
  /** Training steps before a deep probe. */
  deepSteps: z.number().int().nonnegative().catch(0),
  /** The checkpoint that a deep probe takes its weights from, where the run keeps it; null: the model is trained. */
  deepCheckpoint: z.enum(checkpointKinds).nullable().catch(null),
  /** The deep probe's charts are collapsed. */
  deepFolded: z.boolean().catch(false),
  /** Scale of the loss; `auto` is logarithmic if the losses differ much. */
  lossScale: z.enum(["auto", "linear", "log"]).catch("auto"),
  /** Weight of what came before in the smoothed loss. */
  smoothing: z.number().min(0).max(0.999).catch(0),
  /** The visible steps of the loss; null: all. */
  zoom: z.object({ from: z.number(), to: z.number() }).nullable().catch(null),
  /** Layers whose weights are unfolded. */
  unfolded: z.array(z.string()).catch([]),
});
export type UiState = z.infer<typeof uiStateSchema>;

/** Reads the state that an earlier instance of the page saved; anything unusable falls back to its default. */
export function parseUiState(saved: unknown, tables: UiState["tables"]): UiState {
  const parsed = uiStateSchema.safeParse(saved);
  if (parsed.success) return parsed.data;
  return { ...uiStateSchema.parse({}), tables };
}
