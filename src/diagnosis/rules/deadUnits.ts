/**
 * `dead-units`: rectified units that are zero for every sample.
 *
 * A unit that is merely quiet is zero for a whole small batch, too. If living units were active for one sample in ten,
 * q = 0.9^B of them would be zero throughout a batch of B samples by chance. For a share z of units that are zero
 * throughout, (z − q) / (1 − q) is the estimated share of dead ones; its median over the newest steps is judged. Only
 * layers that rectify are checked: zeros that others hand on (dropout, flatten, masks) are not their own.
 */

import { rectifies } from "../../config/activations.ts";
import { factsOf } from "../../config/layerCatalogue.ts";
import { gradientWords } from "../../messages/gradientFindings.ts";
import { known, median, tail } from "../../protocol/history/median.ts";
import { formatPercent } from "../../protocol/numberText.ts";
import type { LayerInfo, RunKind } from "../../protocol/run.ts";
import { allDead } from "../deadLayer.ts";
import { deadFixes } from "../fixes/unitFixes.ts";
import { type LayerSource, layerSource, nameOf, typePlace, written } from "../layerSource.ts";
import { type Learning, learningOf } from "../learning.ts";
import type { ModelView } from "../modelView.ts";
import { outputChain } from "../outputChain.ts";
import { rectifyingOutput } from "../outputMismatch/deadOutput.ts";
import { outputViews } from "../outputViews.ts";
import { type GateDecision, gate } from "../reasonToWorry.ts";
import { evidence, type Found, findingId, firstStep, type Rule } from "../rule.ts";
import { earlyAndLate } from "../statistics.ts";

/** Least share of samples for which a living unit is assumed to be active. */
const activity = 0.1;

export const deadUnits: Rule = (history, model) => {
  const { enabled, share: limit, minSteps } = history.info.diagnosis.rules["dead-units"];
  if (!enabled || history.steps.length < minSteps) return [];
  const quiet = (1 - activity) ** history.info.batchSize;
  const learning = learningOf(history);
  const outputs = history.info.diagnosis.rules["output-mismatch"].enabled
    ? outputViews(history, model.loss).map(({ name, loss }) =>
        rectifyingOutput(loss, outputChain(history.info, model, name)),
      )
    : [];
  return history.info.layers.flatMap((layer, i): Found[] => {
    const source = layerSource(model, layer.path, layer.type);
    const series =
      isRectified(source) || isProgramsRectifier(model, layer) ? history.series("activationDead", i) : undefined;
    if (!series) return [];
    const dead = series.map((zero) => Math.max(0, (zero - quiet) / (1 - quiet)));
    const share = median(tail(known(dead), minSteps));
    if (!(share > limit)) return [];
    // A dead output of a regression is reported as a mismatch.
    if (share >= allDead && outputs.some((output) => output?.layer === layer)) return [];
    const verdict = judge(history.info.kind, share, known(dead), learning);
    return [
      {
        id: findingId("dead-units", model.name, layer.name),
        code: "dead-units",
        severity: verdict.warning ? "warning" : "information",
        model: model.name,
        layer: layer.name,
        weight: null,
        place: written(source, "activation") ?? typePlace(source),
        timesteps: null,
        step: firstStep(history, dead, (v) => v > limit),
        message: gradientWords().deadUnits({ share: formatPercent(share), name: layer.name }),
        explanation: gradientWords().deadUnitsWhy({
          limit: formatPercent(limit),
          minSteps,
          batchSize: history.info.batchSize,
          because: verdict.because,
        }),
        evidence: evidence({
          share,
          zeroThroughoutBatch: median(tail(known(series), minSteps)),
          byChance: quiet,
          limit,
          loss: learning.loss,
          baselineLoss: learning.baseline,
          steps: learning.steps,
        }),
        fixes: (config) => deadFixes(config, source, layer, history.steps[0] === 1 && (dead[0] ?? 0) > limit),
      },
    ];
  });
};

function judge(kind: RunKind, share: number, series: Float64Array, learning: Learning): GateDecision {
  const verdict = gate(learning);
  if (share >= allDead && learning.state !== "left") return { warning: true, because: gradientWords().wholeLayerDead };
  if (verdict.warning && kind === "probe") return { warning: false, because: gradientWords().mayComeBack };
  const { early, late } = earlyAndLate(series);
  if (verdict.warning && late < early * 0.9) return { warning: false, because: gradientWords().comingBack };
  return verdict;
}

/** Whether a program's layer rectifies. Only its type is known, and from that what it applies. */
function isProgramsRectifier({ layers, file }: ModelView, { activation }: LayerInfo): boolean {
  return layers.length === 0 && file === null && activation !== null && rectifies(activation);
}

function isRectified(source: LayerSource): boolean {
  const activation = factsOf(source.type)?.applies ?? nameOf(source, "activation");
  return activation !== undefined && rectifies(activation);
}
