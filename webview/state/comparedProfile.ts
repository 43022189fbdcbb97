/** The profile of a compared run that corresponds to the one shown. */

import type { Channel } from "../../src/protocol/frame.ts";
import { cursorStep, followsNewest, profileAt, recurrentLayers, type Selection } from "./selection.ts";
import type { ComparedRun, View } from "./store.ts";

export interface ComparedProfile {
  /** Name of the layer. */
  readonly layer: string;
  /**
   * One value for each timestep of the selected run. If the other run's sequences have another length, both are aligned
   * at the right, where the gradient comes from. NaN beyond its first timestep.
   */
  readonly values: Float64Array;
}

/** The profile at the cursor's step, or the newest one while the cursor follows the newest; null if there is none. */
export function comparedProfile(view: View, chosen: Selection, { history }: ComparedRun): ComparedProfile | null {
  const layers = recurrentLayers(history);
  const same = layers.find((i) => history.info.layers[i]?.name === chosen.info.name);
  const layer = same ?? layers[recurrentLayers(chosen.history).indexOf(chosen.layer)] ?? layers[0];
  if (layer === undefined) return null;
  const step = followsNewest(view) ? history.lastStep : cursorStep(view);
  const { channel } = chosen.quantity;
  const profile = profileAt(history, layer, channel, step) ?? profileAt(history, layer, ofHidden(channel), step);
  if (profile === null) return null;
  const shift = profile.values.length - chosen.timesteps;
  return {
    layer: history.info.layers[layer]?.name ?? "",
    values: Float64Array.from({ length: chosen.timesteps }, (_, i) => profile.values[i + shift] ?? Number.NaN),
  };
}

/** Maps an LSTM's channel of c to that of h, which other layers have. */
function ofHidden(channel: Channel): Channel {
  if (channel === "c.logNorm") return "h.logNorm";
  return channel === "c.gain" ? "h.gain" : channel;
}
