/** What the profile shows at the cursor's step. */

import { stateNames } from "../../src/protocol/run.ts";
import { type ComparedProfile, comparedProfile } from "./comparedProfile.ts";
import { cursorStep, type ProfileAtStep, profileAt, rowAt, type Selection } from "./selection.ts";
import type { View } from "./store.ts";

export interface ProfileFigures {
  readonly selection: Selection;
  readonly profile: ProfileAtStep;
  /** Plotted values of the percentiles over the batch. */
  readonly band: { readonly low: Float64Array; readonly high: Float64Array } | null;
  /** log₁₀ of ε of the last timestep's state gradient. */
  readonly epsilonLine: number | null;
  readonly horizon: number | null;
  /** Parallel to the view's compared runs; null for a run without such a profile. */
  readonly compared: readonly (ComparedProfile | null)[];
}

/** Null: there is no step yet. */
export function profileFigures(view: View, chosen: Selection): ProfileFigures | null {
  const { history, layer, quantity, state } = chosen;
  const step = cursorStep(view);
  const profile = profileAt(history, layer, quantity.channel, step);
  if (profile === null) return null;
  const isState = stateNames.some((name) => name === quantity.view);
  const low = isState ? profileAt(history, layer, `${state}.p10`, step) : null;
  const high = isState ? profileAt(history, layer, `${state}.p90`, step) : null;
  const end = profile.values[profile.values.length - 1]!;
  const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
  const row = rowAt(history.steps, step);
  const horizon = history.series("horizon", layer, state)?.[row];
  return {
    selection: chosen,
    profile,
    band: low === null || high === null ? null : { low: low.values, high: high.values },
    epsilonLine: isState && Number.isFinite(end) ? end + Math.log10(epsilon) : null,
    horizon: horizon === undefined || !Number.isFinite(horizon) ? null : horizon,
    compared: view.compared.map((run) => comparedProfile(view, chosen, run)),
  };
}
