/**
 * `post-norm-stack`: six or more transformer blocks with normalization after each residual sum, trained at the full
 * rate from the first step.
 *
 * Each of these normalizations rescales the gradient that goes back through it. At initialization the gradient is large
 * at the last blocks and falls off toward the first, so the first large steps spoil the last blocks before the others
 * have learnt anything. A warm-up keeps those steps small; normalization before each part leaves the residual path
 * alone (Xiong et al. 2020, whose net of six blocks fails without a warm-up). *Information* until the loss shows that
 * the net does not learn; nothing once it does.
 */

import type { LayerEntry } from "../../config/resolved.ts";
import { gradientWords } from "../../messages/gradientFindings.ts";
import { median, tail } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { present } from "../fixes/fix.ts";
import { preNormFix, warmupFix } from "../fixes/postNormFixes.ts";
import { layerSource, typePlace, written } from "../layerSource.ts";
import { learningOf } from "../learning.ts";
import { gate } from "../reasonToWorry.ts";
import { type ConfigRule, evidence, findingId } from "../rule.ts";

/** From Xiong et al. (2020), section 3.1; Wang et al. (2019) train six with a warm-up, and fail with twenty. */
const deep = 6;

/** Least ratio of the last block's output gradient to the first one's; 1.5 to 5 were measured in twelve nets. */
const imbalance = 1.1;

/** Newest steps that count as the present. */
const some = 5;

/** Whether a block normalizes after its parts, which is the default. */
export function isPostNorm({ type, args }: LayerEntry): boolean {
  return type === "transformerEncoder" && args["normalization"] !== "pre";
}

export const postNormStack: ConfigRule = (history, model) => {
  const { info } = history;
  const blocks = model.layers.filter(isPostNorm);
  const first = blocks[0];
  if (!info.diagnosis.rules["post-norm-stack"].enabled || blocks.length < deep || !first) return [];
  const learning = learningOf(history);
  if (model.training.schedule.warmup > 0 || learning.state === "left") return [];
  const verdict = gate(learning);
  const { early, late } = gradients(history, blocks, verdict.warning);
  const source = layerSource(model, first.path, first.type);
  const growth = late / early;
  // Without the imbalance something else keeps the net from learning.
  if (!(growth >= imbalance)) return [];
  const measured = Number.isFinite(growth)
    ? gradientWords().lastAndFirst({ warning: verdict.warning, late: formatNumber(late), early: formatNumber(early) })
    : "";
  return [
    {
      id: findingId("post-norm-stack", model.name, first.name),
      code: "post-norm-stack",
      severity: verdict.warning ? "warning" : "information",
      model: model.name,
      layer: first.name,
      weight: null,
      place: written(source, "normalization") ?? typePlace(source),
      timesteps: null,
      step: 1,
      message: gradientWords().postNorm(blocks.length),
      explanation: gradientWords().postNormWhy({ deep, measured, because: verdict.because }),
      evidence: evidence({
        blocks: blocks.length,
        limit: deep,
        firstGradientNorm: Number.isFinite(early) ? early : null,
        lastGradientNorm: Number.isFinite(late) ? late : null,
        loss: learning.loss,
        baselineLoss: learning.baseline,
        steps: learning.steps,
      }),
      fixes: present([preNormFix(blocks), warmupFix(model)]),
    },
  ];
};

/** Gradient norms of the first and the last block's outputs, at the first step or over the newest ones. */
function gradients(
  history: RunHistory,
  blocks: readonly LayerEntry[],
  newest: boolean,
): { readonly early: number; readonly late: number } {
  const of = (entry: LayerEntry | undefined): number => {
    const index = history.info.layers.findIndex(({ name }) => name === entry?.name);
    const series = (index < 0 ? undefined : history.series("outputGradientNorm", index)) ?? new Float64Array(0);
    return newest ? median(tail(series, some)) : (series[0] ?? Number.NaN);
  };
  return { early: of(blocks[0]), late: of(blocks.at(-1)) };
}
