/** What the user chose to look at: all that the page itself remembers. Data is fetched anew. */

import * as z from "zod";
import { chartNames } from "../../src/protocol/panelMessages.ts";

const uiStateSchema = z.object({
  /** Name of the recurrent layer in the heat map; null: the first. */
  layer: z.string().nullable().catch(null),
  /** Channel in the heat map; null: the first of the layer. */
  channel: z.string().nullable().catch(null),
  /** Colour range: this layer's own values, all recurrent layers', or the same for every run. */
  range: z.enum(["layer", "shared", "fixed"]).catch("layer"),
  /** Pinned step; null: follows the newest. */
  step: z.number().positive().nullable().catch(null),
  /** Pinned timestep. */
  timestep: z.number().int().positive().nullable().catch(null),
  /** The display stands still; the run goes on. */
  paused: z.boolean().catch(false),
  /** Charts shown as data tables. */
  tables: z.array(z.enum(chartNames)).catch([]),
  /** Training steps before a deep probe. */
  deepSteps: z.number().int().nonnegative().catch(0),
  /** The deep probe's charts are folded away. */
  deepFolded: z.boolean().catch(false),
  /** Layers whose weights are unfolded. */
  unfolded: z.array(z.string()).catch([]),
});
export type UiState = z.infer<typeof uiStateSchema>;

/** Reads what an earlier life of the page saved; anything unusable falls back to its default. */
export function parseUiState(saved: unknown, tables: UiState["tables"]): UiState {
  const parsed = uiStateSchema.safeParse(saved);
  if (parsed.success) return parsed.data;
  return { ...uiStateSchema.parse({}), tables };
}
