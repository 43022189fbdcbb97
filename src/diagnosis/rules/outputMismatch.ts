/**
 * `output-mismatch`: a model's output cannot be what its loss and its targets ask for.
 *
 * Known before the first step, from the layers, the loss and the facts of the data, for a model in the config as for a
 * saved one; only a dead output is measured. An *error* if it can never work, else a *warning*; *information* if the
 * net demonstrably learns in spite of it.
 */

import { learningOf } from "../learning.ts";
import { outputChain } from "../outputChain.ts";
import { crossEntropy } from "../outputMismatch/crossEntropy.ts";
import { deadOutput } from "../outputMismatch/deadOutput.ts";
import { labels } from "../outputMismatch/labels.ts";
import type { Check, Context } from "../outputMismatch/mismatch.ts";
import { outOfReach } from "../outputMismatch/outOfReach.ts";
import { softmaxOfOne } from "../outputMismatch/softmaxOfOne.ts";
import { squashedTwice } from "../outputMismatch/squashedTwice.ts";
import { states } from "../outputMismatch/states.ts";
import { sumsToOne } from "../outputMismatch/sumsToOne.ts";
import { type ConfigRule, findingId } from "../rule.ts";

/** Checks of the output itself: the first one that finds something names the cause. */
const ofOutput: readonly Check[] = [softmaxOfOne, crossEntropy, squashedTwice, outOfReach, sumsToOne, deadOutput];

export const outputMismatch: ConfigRule = (history, model) => {
  if (!history.info.diagnosis.rules["output-mismatch"].enabled) return [];
  const context: Context = {
    history,
    model,
    learning: learningOf(history),
    chain: outputChain(history.info, model),
  };
  const output = ofOutput.map((check) => check(context)).find((found) => found.length > 0) ?? [];
  return [...output, ...states(context), ...labels(context)].map(({ kind, layer, ...found }) => ({
    ...found,
    id: `${findingId("output-mismatch", model.name, layer?.name ?? null)}${kind}`,
    code: "output-mismatch",
    model: model.name,
    layer: layer?.name ?? null,
    weight: null,
    timesteps: null,
    step: 1,
  }));
};
