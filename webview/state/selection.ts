/** Resolves the user's choices for the current run: which layer, which quantity, which step. */

import type { RunHistory } from "../../src/protocol/history.ts";
import { type LayerInfo, type StateName, stateNames } from "../../src/protocol/run.ts";
import type { VerificationView } from "../../src/protocol/verificationView.ts";
import { type ChannelView, channelViews } from "./channels.ts";
import { columnAt } from "./columnAt.ts";
import type { View } from "./store.ts";

export interface Selection {
  readonly history: RunHistory;
  /** Index into `RunInfo.layers`. */
  readonly layer: number;
  readonly info: LayerInfo;
  readonly timesteps: number;
  readonly quantities: readonly ChannelView[];
  readonly quantity: ChannelView;
  /** The state whose horizon belongs to the quantity. */
  readonly state: StateName;
}

/** Indices of the recurrent layers. */
export function recurrentLayers(history: RunHistory): readonly number[] {
  return history.info.layers.flatMap((l, i) => (l.recurrent === null ? [] : [i]));
}

/** The recurrent layer and quantity on show; null if the run has none (yet). */
export function selection(view: View): Selection | null {
  const { history, ui } = view;
  if (history === null) return null;
  const recurrent = recurrentLayers(history);
  const layer = recurrent.find((i) => history.info.layers[i]?.name === ui.layer) ?? recurrent[0];
  const info = layer === undefined ? undefined : history.info.layers[layer];
  if (layer === undefined || info?.recurrent == null) return null;
  const quantities = channelViews(info, history.channels(layer));
  const quantity = quantities.find((q) => q.channel === ui.channel) ?? quantities[0];
  if (quantity === undefined) return null;
  const state = stateNames.find((name) => quantity.channel.startsWith(`${name}.`)) ?? "h";
  return { history, layer, info, timesteps: info.recurrent.timesteps, quantities, quantity, state };
}

/** Whether the history on show belongs to an earlier run, because the chosen one has none yet. */
export function showsEarlierRun({ history, run }: View): boolean {
  return history !== null && run !== null && history.info.runId !== run.runId;
}

/** The step of all charts' cursors: the pointer's, else the pinned one, else the newest. */
export function cursorStep(view: View): number {
  const last = view.history?.lastStep ?? 0;
  const step = view.hover?.step ?? view.ui.step ?? last;
  return Math.min(Math.max(step, Math.min(1, last)), last);
}

/** Whether the cursor follows the newest step. */
export function followsNewest(view: View): boolean {
  return view.hover?.step == null && view.ui.step === null;
}

/** The timestep of all charts' cursors; null if there is none. */
export function cursorTimestep(view: View, timesteps: number): number | null {
  const t = view.hover?.timestep ?? view.ui.timestep;
  return t === null ? null : Math.min(t, timesteps);
}

/** Index of the last kept row at or before `step`; −1 before the first. */
export function rowAt(steps: Float64Array, step: number): number {
  const i = columnAt(steps, steps.length, step);
  return i >= 0 && steps[i]! <= step ? i : i - 1;
}

export interface ProfileAtStep {
  /** T measured values: those of one step, or the largest over the steps of a heat map's column. */
  readonly values: Float64Array;
  readonly firstStep: number;
  readonly lastStep: number;
}

/** The profile of a channel at a step, as exactly as the history has kept it. */
export function profileAt(
  history: RunHistory,
  layer: number,
  channel: ChannelView["channel"],
  step: number,
): ProfileAtStep | null {
  if (step >= history.lastStep) {
    const values = history.profile(layer, channel);
    return values === undefined ? null : { values, firstStep: history.lastStep, lastStep: history.lastStep };
  }
  const map = history.map(layer, channel);
  if (map === undefined) return null;
  const column = columnAt(map.firstSteps, map.columns, step);
  if (column < 0) return null;
  return {
    values: map.values.subarray(column * map.timesteps, (column + 1) * map.timesteps),
    firstStep: map.firstSteps[column]!,
    lastStep: map.lastSteps[column]!,
  };
}

/** The verification, if its model is on display. */
export function ownVerification({ verification, run }: View): VerificationView | null {
  if (verification === null || run === null) return null;
  return verification.config === run.config && verification.model === run.model ? verification : null;
}
