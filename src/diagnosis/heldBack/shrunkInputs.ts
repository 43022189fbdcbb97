/** A `rescaling` of inputs that have a small range already: next to no difference is left between the samples. */

import { learningWords } from "../../messages/learningFindings.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** A range of the inputs that needs no rescaling: that of bytes which were divided by 255 or 127.5. */
const small = 2;
/** What is left of the inputs' deviation, where 1 is what initial weights are made for. */
const tiny = 0.02;

export const shrunkInputs: HoldCheck = ({ history, model, learning }) => {
  const facts = history.info.data;
  const [only] = model.inputs;
  if (facts === null || facts.arrays || model.inputs.length !== 1) return undefined;
  const layer = model.layers.find(({ type, inputs }) => type === "rescaling" && inputs.every((name) => name === only));
  const scale = layer?.args["scale"];
  const { min, max, deviation } = facts.inputs.overall;
  if (!layer || typeof scale !== "number" || !(max - min <= small)) return undefined;
  const left = Math.abs(scale) * deviation;
  if (!(left < tiny) || deviation < tiny) return undefined;
  return {
    kind: "rescaling",
    layer: layer.name,
    place: [...layer.path, "scale"],
    message: learningWords().rescaled({ layer: layer.name, min: formatNumber(min), max: formatNumber(max) }),
    explanation: learningWords().rescaledWhy({
      factor: formatNumber(scale),
      left: formatNumber(left),
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({
      smallest: min,
      largest: max,
      deviation,
      deviationLeft: left,
    }),
    fixes: [
      {
        id: "no-rescaling",
        title: learningWords().noRescaling,
        edits: [{ path: [...layer.path, "scale"], value: 1 }],
      },
    ],
  };
};
