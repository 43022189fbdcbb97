/**
 * `held-back`: settings between the gradient and the weights leave next to nothing to learn with: a clip limit far
 * below the gradients, regularization that outweighs the data, dropout of almost all values, a schedule that ends early, a
 * warm-up that outlasts the run, an epsilon above the gradients, batch normalization of single values, momentum that outlasts the
 * run, a limit or a pruning that leaves no weights, a `rescaling` or noise that leaves nothing of the inputs.
 *
 * *Warning* if the loss stands at its baseline; nothing while the net may still learn, or once it does. Each check
 * rests on its own figures (the share of clipped steps, the penalty compared with the loss, the rate). If something
 * else keeps the net from learning, the same settings are reported only if they would suffice as a cause.
 */

import { endedSchedule } from "../heldBack/endedSchedule.ts";
import { heavyDropout } from "../heldBack/heavyDropout.ts";
import { heavyNoise } from "../heldBack/heavyNoise.ts";
import { heavyPenalty } from "../heldBack/heavyPenalty.ts";
import { heavyPruning } from "../heldBack/heavyPruning.ts";
import type { HoldCheck } from "../heldBack/hold.ts";
import { largeAccumulator } from "../heldBack/largeAccumulator.ts";
import { largeEpsilon } from "../heldBack/largeEpsilon.ts";
import { loneBatches } from "../heldBack/loneBatches.ts";
import { longWarmup } from "../heldBack/longWarmup.ts";
import { shrunkInputs } from "../heldBack/shrunkInputs.ts";
import { strongMomentum } from "../heldBack/strongMomentum.ts";
import { tightClip } from "../heldBack/tightClip.ts";
import { tightConstraint } from "../heldBack/tightConstraint.ts";
import { tightWeightClip } from "../heldBack/tightWeightClip.ts";
import { learningOf } from "../learning.ts";
import { type ConfigRule, findingId } from "../rule.ts";

const checks: readonly HoldCheck[] = [
  tightClip,
  heavyPenalty,
  heavyDropout,
  endedSchedule,
  longWarmup,
  largeEpsilon,
  loneBatches,
  strongMomentum,
  tightConstraint,
  tightWeightClip,
  heavyPruning,
  largeAccumulator,
  shrunkInputs,
  heavyNoise,
];

export const heldBack: ConfigRule = (history, model) => {
  if (!history.info.diagnosis.rules["held-back"].enabled) return [];
  const learning = learningOf(history);
  const { baseline } = learning;
  // With a baseline of 0 the targets are constant.
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
