/**
 * `output-mismatch`: a model's output cannot be what its loss and its targets ask for.
 *
 * Known before the first step, from the layers, the loss and the facts of the data, for a model in the config as for a
 * saved one; only a dead output is measured. An *error* if it can never work, else a *warning*; *information* if the
 * net demonstrably learns in spite of it.
 */

import type { ResolvedModel } from "../../config/resolved.ts";
import { severities } from "../../protocol/finding.ts";
import { learningOf } from "../learning.ts";
import { outputChain } from "../outputChain.ts";
import { crossEntropy } from "../outputMismatch/crossEntropy.ts";
import { deadOutput } from "../outputMismatch/deadOutput.ts";
import { labels } from "../outputMismatch/labels.ts";
import type { Check, Context, Mismatch } from "../outputMismatch/mismatch.ts";
import { outOfReach } from "../outputMismatch/outOfReach.ts";
import { softmaxOfOne } from "../outputMismatch/softmaxOfOne.ts";
import { squashedTwice } from "../outputMismatch/squashedTwice.ts";
import { states } from "../outputMismatch/states.ts";
import { sumsToOne } from "../outputMismatch/sumsToOne.ts";
import { type OutputView, outputViews } from "../outputViews.ts";
import { type ConfigRule, findingId } from "../rule.ts";

/** Checks of the output itself: the first one that finds something names the cause. */
const ofOutput: readonly Check[] = [softmaxOfOne, crossEntropy, squashedTwice, outOfReach, sumsToOne, deadOutput];

export const outputMismatch: ConfigRule = (history, model) => {
  if (!history.info.diagnosis.rules["output-mismatch"].enabled) return [];
  const views = outputViews(history, model.training.loss);
  const contexts = views.map((view) => contextOf(view, model, views));
  const found = contexts.flatMap((context) => [
    ...(ofOutput.map((check) => check(context)).find((some) => some.length > 0) ?? []),
    ...labels(context),
  ]);
  const [first] = contexts;
  const all = [...found, ...(first ? states({ ...first, history, learning: learningOf(history) }) : [])];
  return onlyGravest(all).map(({ kind, layer, ...mismatch }) => ({
    ...mismatch,
    id: `${findingId("output-mismatch", model.name, layer?.name ?? null)}${kind}`,
    code: "output-mismatch",
    model: model.name,
    layer: layer?.name ?? null,
    weight: null,
    timesteps: null,
    step: 1,
  }));
};

function contextOf(view: OutputView, model: ResolvedModel, views: readonly OutputView[]): Context {
  const { name, loss, fromLogits, history } = view;
  const training = {
    ...model.training,
    loss: loss ?? model.training.loss,
    fromLogits: fromLogits ?? model.training.fromLogits,
  };
  const shared = views.map((other) => ({ name: other.name ?? "", loss: other.loss, fromLogits: other.fromLogits }));
  return {
    history,
    model: { ...model, training },
    output: name === null ? null : { name, outputs: shared },
    learning: learningOf(history),
    chain: outputChain(history.info, model, name),
  };
}

/** One finding of each kind for a layer: several outputs may come from it. */
function onlyGravest(found: readonly Mismatch[]): readonly Mismatch[] {
  const key = ({ kind, layer, place }: Mismatch): string => JSON.stringify([kind, layer?.name ?? place]);
  const grave = found.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const kept = new Set(grave.filter((one, i) => grave.findIndex((other) => key(other) === key(one)) === i));
  return found.filter((one) => kept.has(one));
}
