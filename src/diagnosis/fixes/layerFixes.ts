/** Edits of a recurrent layer's entry. Each returns undefined where it would change nothing or make no sense. */

import type { ConfigEdit } from "../../config/edit.ts";
import type { Fix } from "../../protocol/finding.ts";
import {
  isSigmoid,
  keepsNorm,
  type LayerSource,
  nameOf,
  recurrentInitializer,
  typePlace,
  written,
} from "../layerSource.ts";
import { count } from "../text/numbers.ts";

export type MaybeFix = Fix | undefined;

/** U orthogonal: all singular values 1 (Saxe et al. 2014). */
export function orthogonalFix(source: LayerSource): MaybeFix {
  if (keepsNorm(recurrentInitializer(source))) return undefined;
  const edits: ConfigEdit[] = [{ path: [...source.path, "recurrentInitializer"], value: "orthogonal" }];
  return { id: "orthogonal", title: "Initialize the recurrent kernel orthogonally, gain 1", edits };
}

/** U = I with ReLU: Le, Jaitly & Hinton 2015. */
export function identityReluFix(source: LayerSource): MaybeFix {
  const { type, gain = 1 } = recurrentInitializer(source);
  if (!isSimple(source) || (type === "identity" && gain === 1 && nameOf(source, "activation") === "relu"))
    return undefined;
  const edits: ConfigEdit[] = [
    { path: [...source.path, "recurrentInitializer"], value: "identity" },
    { path: [...source.path, "activation"], value: "relu" },
  ];
  return { id: "identity-relu", title: "Start from the identity with ReLU (IRNN)", edits };
}

/** tanh′(0) = 1, where the logistic function's slope is at most ¼. */
export function steeperActivationFix(source: LayerSource): MaybeFix {
  return isSigmoid(nameOf(source, "activation")) ? tanhFix(source) : undefined;
}

const unbounded = new Set(["linear", "relu", "elu", "selu", "softplus", "gelu", "swish", "mish", "gelu_new"]);

/** States within ±1 cannot grow without limit. */
export function boundedActivationFix(source: LayerSource): MaybeFix {
  return unbounded.has(nameOf(source, "activation") ?? "tanh") ? tanhFix(source) : undefined;
}

/** The forget gate starts open: Jozefowicz et al. 2015. Not tfjs's default, and no gain over a bias chosen otherwise. */
export function forgetBiasFix(source: LayerSource): MaybeFix {
  const { unitForgetBias, useBias } = source.args;
  if (!isLstm(source) || unitForgetBias === true || useBias === false) return undefined;
  if ((nameOf(source, "biasInitializer") ?? "zeros") !== "zeros") return undefined;
  const edits: ConfigEdit[] = [{ path: [...source.path, "unitForgetBias"], value: true }];
  return { id: "unit-forget-bias", title: "Start the forget gate's bias at 1", edits };
}

/**
 * Another kind of cell with as many units. Arguments that the new cell does not have, or that would undo what it is
 * for (a squashing activation, a recurrent initializer that shrinks or needs a square kernel), are removed. An LSTM's
 * forget gate starts open: as tfjs starts it, half of the state is lost at every timestep.
 */
export function swapFix(source: LayerSource, to: "lstm" | "gru"): MaybeFix {
  if (source.type !== "simpleRNN" && source.type !== "gru" && source.type !== "lstm") return undefined;
  if (source.type === to) return undefined;
  const edits: ConfigEdit[] = [{ path: typePlace(source), value: to }];
  const remove = (key: string) => {
    const path = written(source, key);
    if (path) edits.push({ path, value: undefined });
  };
  if (nameOf(source, "activation") !== "tanh") remove("activation");
  const { type, gain = 1 } = recurrentInitializer(source);
  if (type !== "orthogonal" || gain !== 1) remove("recurrentInitializer");
  if (to === "lstm") edits.push({ path: [...source.path, "unitForgetBias"], value: true });
  else remove("unitForgetBias");
  if (to !== "gru") remove("resetAfter");
  const units = source.args["units"];
  const size = typeof units === "number" ? `, still ${count(units, "unit")}` : "";
  return { id: `swap-${to}`, title: `Make it ${to === "lstm" ? "an LSTM" : "a GRU"} layer${size}`, edits };
}

/** Initializers whose scale does not follow from the layer's size. */
const unscaled = new Set(["randomNormal", "randomUniform", "truncatedNormal", "ones", "constant", "identity"]);

/** Var = 2 / (n_in + n_out), Glorot & Bengio 2010. */
export function glorotFix(source: LayerSource): MaybeFix {
  const path = written(source, "kernelInitializer");
  if (!path || !unscaled.has(nameOf(source, "kernelInitializer") ?? "")) return undefined;
  return { id: "glorot", title: "Initialize the kernel with glorotUniform", edits: [{ path, value: "glorotUniform" }] };
}

export function isSimple(source: LayerSource): boolean {
  return source.type === "simpleRNN" || source.type === "simpleRNNCell";
}

export function isLstm(source: LayerSource): boolean {
  return source.type === "lstm" || source.type === "lstmCell";
}

function tanhFix(source: LayerSource): Fix {
  const edits: ConfigEdit[] = [{ path: [...source.path, "activation"], value: "tanh" }];
  return { id: "tanh", title: "Use tanh as the activation", edits };
}

export function present(fixes: readonly MaybeFix[]): readonly Fix[] {
  return fixes.filter((f) => f !== undefined);
}
