/**
 * Batch normalization over batches of a single value: the mean is the value itself, so the layer gives its offset
 * whatever comes in, and passes no gradient (Ioffe & Szegedy 2015, algorithm 1).
 */

import { sourcesOf } from "../../config/graph/takers.ts";
import type { LayerEntry } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import { loneBatchFix } from "../fixes/batchFixes.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import { outputGradient } from "../throughDepth.ts";
import type { Held, HoldCheck } from "./hold.ts";

/** Arguments that a layer normalization does not have. */
const ofBatches = ["momentum", "movingMeanInitializer", "movingVarianceInitializer"];

export const loneBatches: HoldCheck = (held) => {
  const { model, learning } = held;
  const larger = loneBatchFix(model);
  if (!larger) return undefined;
  const layer = model.layers.find((entry) => entry.type === "batchNormalization" && passesNothing(held, entry));
  if (!layer) return undefined;
  return {
    kind: "batch",
    layer: layer.name,
    place: [...model.trainingPath, "batchSize"],
    message: learningWords().loneBatch(layer.name),
    explanation: learningWords().loneBatchWhy({ steps: learning.steps, standing: standingText(learning) }),
    evidence: evidence({ loss: learning.loss, baselineLoss: learning.baseline, steps: learning.steps }),
    fixes: [
      larger,
      {
        id: "layer-normalization",
        title: learningWords().layerNormalization(layer.name),
        edits: [
          { path: [...layer.path, "type"], value: "layerNormalization" },
          ...ofBatches.flatMap((key) => (key in layer.args ? [{ path: [...layer.path, key], value: undefined }] : [])),
        ],
      },
    ],
  };
};

/** Over sequences and images it has several values for each unit even in a batch of one, and then passes a gradient. */
function passesNothing({ history, model }: Held, layer: LayerEntry): boolean {
  return sourcesOf(model, layer).some((name) => {
    const source = model.layers.find((entry) => entry.name === name);
    const norms = source && outputGradient(history, source);
    return norms !== undefined && norms.length > 0 && norms.every((norm) => norm === 0);
  });
}
