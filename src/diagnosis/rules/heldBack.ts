/**
 * `held-back`: what the config puts between the gradient and the weights leaves next to nothing to learn with: a limit on
 * the gradients far below their size, regularization that outweighs the data, dropout of almost all values.
 *
 * *Warning* where the loss stands at its baseline; nothing as long as the net may learn, or once it does. Each has figures
 * that it rests on (the share of clipped steps, the penalty beside the loss, the rate), so that the same settings in a net
 * that something else keeps from learning are told only where they would be enough by themselves.
 */

import { heavyDropout } from "../heldBack/heavyDropout.ts";
import { heavyPenalty } from "../heldBack/heavyPenalty.ts";
import type { HoldCheck } from "../heldBack/hold.ts";
import { tightClip } from "../heldBack/tightClip.ts";
import { learningOf } from "../learning.ts";
import { findingId, type Rule } from "../rule.ts";

const checks: readonly HoldCheck[] = [tightClip, heavyPenalty, heavyDropout];

export const heldBack: Rule = (history, model) => {
  if (!history.info.diagnosis.rules["held-back"].enabled) return [];
  const learning = learningOf(history);
  const { baseline } = learning;
  // A baseline of 0: the targets are constant.
  if (learning.state !== "baseline" || baseline === null || baseline <= 0) return [];
  return checks.flatMap((check) => {
    const hold = check({ history, model, learning });
    if (!hold) return [];
    const { kind, ...found } = hold;
    return [
      {
        ...found,
        id: `${findingId("held-back", model.name, found.layer)}${kind}`,
        code: "held-back",
        severity: "warning",
        model: model.name,
        weight: null,
        timesteps: null,
        step: 1,
      },
    ];
  });
};
