/** Edits of a recurrent layer's entry. Each returns undefined where it would change nothing or make no sense. */

import { isSigmoid, rangeOfActivation } from "../../config/activations.ts";
import type { ConfigEdit } from "../../config/edit.ts";
import { isDenseRecurrent, isGated, isLstm, isSimple } from "../../config/layerKinds.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { argumentsOf } from "../../config/schema/layers/index.ts";
import { fixWords } from "../../messages/fixes.ts";
import type { Fix } from "../../protocol/finding.ts";
import {
  gainOf,
  keepsNorm,
  type LayerSource,
  nameOf,
  recurrentInitializer,
  typePlace,
  written,
} from "../layerSource.ts";
import { clipFix, clips } from "./clipFixes.ts";
import { type MaybeFix, together } from "./fix.ts";
import { rateFix } from "./trainingFixes.ts";

/** U orthogonal: all singular values 1 (Saxe et al. 2014). */
export function orthogonalFix(source: LayerSource): MaybeFix {
  if (keepsNorm(recurrentInitializer(source))) return undefined;
  const edits: ConfigEdit[] = [{ path: [...source.path, "recurrentInitializer"], value: "orthogonal" }];
  return { id: "orthogonal", title: fixWords().orthogonal, edits };
}

/**
 * U = I with ReLU (Le, Jaitly & Hinton 2015, who also clip the gradients). Nothing squashes such a state, so without
 * clipping a single batch can throw it far off.
 */
export function identityReluFix(source: LayerSource, model: ResolvedModel): MaybeFix {
  const { type, gain = 1 } = recurrentInitializer(source);
  if (!isSimple(source) || (type === "identity" && gain === 1 && nameOf(source, "activation") === "relu"))
    return undefined;
  const edits: ConfigEdit[] = [
    { path: [...source.path, "recurrentInitializer"], value: "identity" },
    { path: [...source.path, "activation"], value: "relu" },
  ];
  const fix = { id: "identity-relu", title: fixWords().identityRelu, edits };
  const clipped = together(fix, clips(model) ? undefined : clipFix(model, 1), fixWords().andClip);
  const fast = model.training.optimizer.learningRate > slowRate;
  return together(clipped, fast ? rateFix(model, 0.1) : undefined, fixWords().andTenthRate);
}

/** Le et al. had to search down to learning rates of 1e-8: an unbounded state is easily thrown off. */
const slowRate = 1e-4;

/** tanh′(0) = 1, where the logistic function's slope is at most ¼. */
export function steeperActivationFix(source: LayerSource): MaybeFix {
  return isSigmoid(nameOf(source, "activation")) ? tanhFix(source) : undefined;
}

/** States within ±1 cannot grow without limit. */
export function boundedActivationFix(source: LayerSource): MaybeFix {
  return rangeOfActivation(nameOf(source, "activation") ?? "tanh").high === Number.POSITIVE_INFINITY
    ? tanhFix(source)
    : undefined;
}

/**
 * Opens the forget gate at the start: Jozefowicz et al. 2015. It is not tfjs's default, and no gain over a bias that
 * the author chose.
 */
export function forgetBiasFix(source: LayerSource): MaybeFix {
  const { unitForgetBias, useBias } = source.args;
  if (!isLstm(source) || unitForgetBias === true || useBias === false) return undefined;
  if ((nameOf(source, "biasInitializer") ?? "zeros") !== "zeros") return undefined;
  const edits: ConfigEdit[] = [{ path: [...source.path, "unitForgetBias"], value: true }];
  return { id: "unit-forget-bias", title: fixWords().forgetBias, edits };
}

/**
 * Biases that spread the units' time-scales up to the lag (Tallec & Ollivier 2018), with the sigmoid gates they are
 * designed for: the larger biases would shut a hard sigmoid for good.
 */
export function chronoFix(source: LayerSource, lag: number): MaybeFix {
  if (!isGated(source) || source.args["useBias"] === false) return undefined;
  if (nameOf(source, "biasInitializer") === "chrono") return undefined;
  return {
    id: "chrono",
    title: fixWords().chrono(maxLagOf(lag)),
    edits: [
      ...chronoEdits(source, lag),
      { path: [...source.path, "recurrentActivation"], value: "sigmoid" },
      ...removal(source, "unitForgetBias"),
    ],
  };
}

/**
 * Another kind of cell with as many units, with biases that carry the gradient over the lag from the first step on;
 * with tfjs's defaults half of the state is lost at every timestep. Removes arguments that the new cell lacks or that
 * would undo its purpose (a squashing activation, a recurrent initializer that shrinks or needs a square kernel).
 */
export function swapFix(source: LayerSource, to: "lstm" | "gru", lag: number): MaybeFix {
  if (!isDenseRecurrent(source)) return undefined;
  if (source.type === to) return undefined;
  const { type, gain = 1 } = recurrentInitializer(source);
  const known = argumentsOf(to);
  const edits: ConfigEdit[] = [
    { path: typePlace(source), value: to },
    ...(nameOf(source, "activation") === "tanh" ? [] : removal(source, "activation")),
    ...(type === "orthogonal" && gain === 1 ? [] : removal(source, "recurrentInitializer")),
    ...removal(source, "unitForgetBias"),
    ...Object.keys(source.args)
      .filter((key) => key !== "unitForgetBias" && !known.has(key))
      .flatMap((key) => removal(source, key)),
    ...(source.args["useBias"] === false ? removal(source, "useBias") : []),
    { path: [...source.path, "recurrentActivation"], value: "sigmoid" },
    ...chronoEdits(source, lag),
  ];
  const units = source.args["units"];
  const size = typeof units === "number" ? fixWords().stillUnits(units) : "";
  return { id: `swap-${to}`, title: fixWords().swap({ isLstm: to === "lstm", size }), edits };
}

/** The least lag that the initializer accepts. */
const leastLag = 3;

function maxLagOf(lag: number): number {
  return Math.max(leastLag, lag + 1);
}

function chronoEdits(source: LayerSource, lag: number): readonly ConfigEdit[] {
  return [{ path: [...source.path, "biasInitializer"], value: { type: "chrono", maxLag: maxLagOf(lag) } }];
}

function removal(source: LayerSource, key: string): readonly ConfigEdit[] {
  const path = written(source, key);
  return path ? [{ path, value: undefined }] : [];
}

/** Initializers whose scale does not follow from the layer's size. */
const unscaled = new Set(["randomNormal", "randomUniform", "truncatedNormal", "ones", "constant", "identity"]);

export function isUnscaled(source: LayerSource): boolean {
  if (unscaled.has(nameOf(source, "kernelInitializer") ?? "")) return true;
  const gain = gainOf(source, "kernelInitializer") ?? 1;
  return gain < 1 / largestGain || gain > largestGain;
}

/** The gains in use are smaller: √2 for ReLU, 5/3 as some advise for tanh. */
const largestGain = 2;

/** Var = 2 / (n_in + n_out), Glorot & Bengio 2010. */
export function glorotFix(source: LayerSource): MaybeFix {
  const path = written(source, "kernelInitializer");
  if (!path || !isUnscaled(source)) return undefined;
  return { id: "glorot", title: fixWords().glorotKernel, edits: [{ path, value: "glorotUniform" }] };
}

/** Var = 2 / n_in, for units that are active about half of the time: He et al. 2015. */
export function heFix(source: LayerSource): MaybeFix {
  const path = written(source, "kernelInitializer");
  if (!path || !isUnscaled(source)) return undefined;
  return { id: "he", title: fixWords().heKernel, edits: [{ path, value: "heNormal" }] };
}

/** Weights that have such arguments. */
type Weight = "kernel" | "recurrent";

/** Limits the weights of each unit to norm 1, the norm in an orthogonal matrix. */
export function maxNormFix(source: LayerSource, weight: Weight): MaybeFix {
  const key = `${weight}Constraint`;
  if (!hasWeight(source, weight) || source.args[key] !== undefined) return undefined;
  return {
    id: `max-norm-${weight}`,
    title: fixWords().maxNorm(weight === "kernel"),
    edits: [{ path: [...source.path, key], value: { type: "maxNorm", maxValue: 1 } }],
  };
}

/** A penalty that keeps the weights, and with them the gain, small: Pascanu et al. 2013, section 3.1. */
export function l2Fix(source: LayerSource, weight: Weight): MaybeFix {
  const key = `${weight}Regularizer`;
  if (!hasWeight(source, weight) || source.args[key] !== undefined) return undefined;
  return {
    id: `l2-${weight}`,
    title: fixWords().l2(weight === "kernel"),
    edits: [{ path: [...source.path, key], value: { type: "l2", l2: 0.001 } }],
  };
}

function hasWeight(source: LayerSource, weight: Weight): boolean {
  const recurrent = isSimple(source) || isGated(source);
  return recurrent || (weight === "kernel" && (source.type === "dense" || source.type.startsWith("conv")));
}

function tanhFix(source: LayerSource): Fix {
  const edits: ConfigEdit[] = [{ path: [...source.path, "activation"], value: "tanh" }];
  return { id: "tanh", title: fixWords().useTanh, edits };
}
