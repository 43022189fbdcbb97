/** Suggestions for PyTorch programs: what the fixes are for configs. They are shown, and inserted only when asked. */

import { programWords } from "../../messages/programs.ts";
import type { Finding } from "../../protocol/finding.ts";
import { known, median } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { niceNumber } from "../niceNumber.ts";

export interface Snippet {
  readonly id: string;
  readonly title: string;
  /** `layer`: after the statement that makes the layer; `step`: before the optimizer's step; `loop`: in place of lines. */
  readonly where: "layer" | "step" | "loop";
  /** Lines of Python. @param module the expression by which the program reaches the layer's module */
  readonly code: (module: string) => readonly string[];
}

/** The suggestions against one finding, the simplest first. */
export function torchSnippets(finding: Finding, history: RunHistory, layer: number): readonly Snippet[] {
  const info = history.info.layers[layer];
  switch (finding.code) {
    case "vanishing-through-time":
      return info ? [...orthogonal(info), ...forgetBias(info), ...chrono(info, history)] : [];
    case "exploding-through-time":
      return [clip(history, 1), ...(info ? [...orthogonal(info), ...truncation(info, history)] : [])];
    case "exploding-gradient":
    case "non-finite":
      return [clip(history, 5)];
    case "saturated-gates":
      return info ? [...forgetBias(info), ...orthogonal(info)] : [];
    default:
      return [];
  }
}

/** Saxe et al. 2014: each gate's block keeps norms at the start. */
function orthogonal({ weights, type }: LayerInfo): readonly Snippet[] {
  const names = weights.filter((name) => name.startsWith("weight_hh"));
  if (names.length === 0) return [];
  const blocks = type === "lstm" ? 4 : type === "gru" ? 3 : 1;
  const code = (module: string) =>
    names.flatMap((name) =>
      blocks === 1
        ? [`torch.nn.init.orthogonal_(${module}.${name})`]
        : [`for block in ${module}.${name}.data.chunk(${blocks}):`, "    torch.nn.init.orthogonal_(block)"],
    );
  return [{ id: "orthogonal", title: programWords().orthogonal, where: "layer", code }];
}

/** Jozefowicz et al. 2015: an LSTM remembers at first. PyTorch adds two biases, in the order input, forget, cell, output. */
function forgetBias({ weights, recurrent, type }: LayerInfo): readonly Snippet[] {
  const names = weights.filter((name) => name.startsWith("bias_ih"));
  if (type !== "lstm" || !recurrent || names.length === 0) return [];
  const { units } = recurrent;
  const code = (module: string) => names.map((name) => `${module}.${name}.data[${units}:${2 * units}].fill_(1.0)`);
  return [{ id: "forget-bias", title: programWords().forgetBias, where: "layer", code }];
}

/** Tallec & Ollivier 2018: time scales spread over the lag that the task needs. PyTorch's update gate keeps the state. */
function chrono({ weights, recurrent, type }: LayerInfo, { info }: RunHistory): readonly Snippet[] {
  const names = weights.filter((name) => name.startsWith("bias_ih"));
  if ((type !== "lstm" && type !== "gru") || !recurrent || names.length === 0) return [];
  const { units, timesteps } = recurrent;
  const lag = Math.max(2, info.requiredLag ?? timesteps - 1);
  const code = (module: string) =>
    names.flatMap((name) => [
      `chrono = torch.log(torch.empty(${units}).uniform_(1, ${lag}))`,
      `${module}.${name}.data[${units}:${2 * units}] = chrono`,
      ...(type === "lstm" ? [`${module}.${name}.data[:${units}] = -chrono`] : []),
    ]);
  return [{ id: "chrono", title: programWords().chrono(lag), where: "layer", code }];
}

/** Williams & Peng 1990: back through pieces of the sequence, no longer than the lag that the task needs. */
function truncation({ type, recurrent }: LayerInfo, { info }: RunHistory): readonly Snippet[] {
  const lag = info.requiredLag;
  if (!recurrent || type === "cell" || lag === null || lag + 1 >= recurrent.timesteps) return [];
  const piece = Math.max(2, lag + 1);
  const code = (module: string) => [
    "state = None",
    `for piece, wanted in zip(x.split(${piece}, dim=1), target.split(${piece}, dim=1)):  # dim=0 without batch_first`,
    `    y, state = ${module}(piece, state)`,
    "    loss_of(y, wanted).backward()  # your layers above and your loss",
    `    state = ${type === "lstm" ? "tuple(part.detach() for part in state)" : "state.detach()"}`,
  ];
  return [{ id: "truncation", title: programWords().truncation(piece), where: "loop", code }];
}

/** Pascanu et al. 2013. @param times multiple of the usual norm that is let through */
function clip(history: RunHistory, times: number): Snippet {
  const norms = known(history.series("gradientNorm") ?? new Float64Array(0)).filter((n) => n > 0 && n < 1e6);
  const usual = median(norms);
  const limit = niceNumber(Number.isNaN(usual) ? 1 : Math.min(10, times * usual));
  return {
    id: "clip",
    title: programWords().clip(limit),
    where: "step",
    code: () => [`torch.nn.utils.clip_grad_norm_(model.parameters(), ${limit})`],
  };
}
