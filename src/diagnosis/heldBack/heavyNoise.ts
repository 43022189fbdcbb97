/** Noise that outweighs what it is added to. */

import type { LayerEntry } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import { median } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** Noise this many times the signal's deviation: a tenth of what arrives is signal, by variance. */
const heavy = 3;
/** Share of the signal's deviation that regularizes without hiding it. */
const usual = 0.1;

export const heavyNoise: HoldCheck = ({ history, model, learning }) => {
  const noises = model.layers.flatMap((layer) => {
    const stddev = layer.args["stddev"];
    const signal = signalBefore(history, layer);
    return layer.type === "gaussianNoise" && typeof stddev === "number" && stddev > heavy * signal
      ? [{ layer, stddev, signal }]
      : [];
  });
  const [worst] = noises.toSorted((a, b) => b.stddev / b.signal - a.stddev / a.signal);
  if (!worst) return undefined;
  const { layer, stddev, signal } = worst;
  const less = Number((usual * signal).toPrecision(1));
  const path = [...layer.path, "stddev"];
  return {
    kind: "noise",
    layer: layer.name,
    place: path,
    message: learningWords().noise({ layer: layer.name, times: formatNumber(stddev / signal) }),
    explanation: learningWords().noiseWhy({
      stddev: formatNumber(stddev),
      signal: formatNumber(signal),
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({ noise: stddev, signal, loss: learning.loss, baselineLoss: learning.baseline }),
    fixes: [{ id: "less-noise", title: learningWords().lessNoise(formatNumber(less)), edits: [{ path, value: less }] }],
  };
};

/** Deviation of what a layer with one input receives; NaN if it is not known, or nothing. */
function signalBefore(history: RunHistory, { inputs }: LayerEntry): number {
  const { info } = history;
  const [input] = inputs;
  const before = info.layers.findIndex(({ name }) => name === input);
  const measured = before < 0 ? undefined : history.series("activationStd", before);
  const deviation = measured ? median(measured) : (info.data?.inputs.overall.deviation ?? Number.NaN);
  return deviation > 0 ? deviation : Number.NaN;
}
