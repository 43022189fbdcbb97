/** The outputs of a model, each as if it were the only one: with its own loss, targets, baseline and course of the loss. */

import type { LossName } from "../config/resolved.ts";
import type { OutputFacts } from "../protocol/dataFacts.ts";
import type { RunHistory } from "../protocol/history.ts";

export interface OutputView {
  /** Name of the output; null: the model has one. */
  readonly name: string | null;
  readonly loss: LossName | null;
  /** Whether its loss treats it as logits; null: as for the whole model. */
  readonly fromLogits: boolean | null;
  readonly history: RunHistory;
}

/** @param loss of a model with one output; null: not known. */
export function outputViews(history: RunHistory, loss: LossName | null): readonly OutputView[] {
  const targets = history.info.data?.arrays?.targets ?? [];
  if (targets.length < 2) return [{ name: null, loss, fromLogits: null, history }];
  return targets.map((facts) => ({
    name: facts.name,
    loss: facts.loss,
    fromLogits: facts.fromLogits,
    history: historyOfOutput(history, facts),
  }));
}

/** The history with the facts and the loss of one output; all else is that of the whole model. */
function historyOfOutput(history: RunHistory, own: OutputFacts): RunHistory {
  const { info } = history;
  const { name, facts, percentiles, classes, baselineLoss } = own;
  const data = info.data && { ...info.data, targets: facts, targetPercentiles: percentiles, classes };
  const ofLoss = `${name} loss`;
  // Written out, because the fields of a history may be accessors.
  return {
    info: { ...info, data, baselineLoss },
    lastSeq: history.lastSeq,
    lastStep: history.lastStep,
    need: history.need,
    steps: history.steps,
    series: (quantity, layer, of) =>
      quantity === "loss" ? history.series("metric", null, ofLoss) : history.series(quantity, layer, of),
    latest: (quantity, layer, of) =>
      quantity === "loss" ? history.latest("metric", null, ofLoss) : history.latest(quantity, layer, of),
    profile: (layer, channel) => history.profile(layer, channel),
    map: (layer, channel) => history.map(layer, channel),
    channels: (layer) => history.channels(layer),
    append: (frame) => history.append(frame),
    setNeed: (need) => history.setNeed(need),
    snapshot: (options) => history.snapshot(options),
    mapSlice: (from, options) => history.mapSlice(from, options),
    takeMaps: (maps) => history.takeMaps(maps),
    keepMapsOf: (former) => history.keepMapsOf(former),
  };
}
