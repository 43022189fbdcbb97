/** The training loop's parts: loss, optimizer, rates, limits of gradients and weights. */

import type { OptimizerConfig, TrainingConfig } from "../../config/resolved.ts";
import type { ExportedModel, ExportedOutput } from "../exportedModel.ts";
import { boolean, indented, Names, number, text, tuple } from "../python.ts";
import type { Network } from "./network.ts";

/** Keras's epsilon for float32. */
const clipped = "clamp(1e-7, 1 - 1e-7)";

/** `loss_of(output, target, weight)`, without penalties; for several outputs, the weighted sum of the losses of each. */
export function lossFunction({ outputs, data: { masked } }: ExportedModel): string {
  const [only] = outputs;
  if (only && outputs.length === 1) return lossOf("loss_of", only, masked);
  const names = new Names();
  const functions = outputs.map((output) => ({ output, name: names.of(`loss of ${output.name}`) }));
  const shapes = outputs.map(({ targetShape }) => tuple(targetShape)).join(", ");
  const positions = outputs.map(({ targetShape }) => tuple(targetShape.slice(0, -1))).join(", ");
  return [
    ...functions.map(({ output, name }) => `${lossOf(name, output, masked)}\n\n`),
    "def loss_of(outputs, target, weight=None):",
    ...indented([
      '"""The weighted sum of the losses of all outputs."""',
      `targets = unpacked(target, ${shapes})`,
      `weights = [None] * ${outputs.length} if weight is None else unpacked(weight, ${positions})`,
      "return (",
      ...functions.map(({ output, name }, i) => {
        const term = `${name}(outputs[${i}], targets[${i}], weights[${i}])`;
        return `    ${i === 0 ? "" : "+ "}${output.weight === 1 ? "" : `${number(output.weight)} * `}${term}`;
      }),
      ")",
    ]),
  ].join("\n");
}

/** @param masked whether weights that are NaN stand for positions that a mask removes: the mean is over the others */
function lossOf(name: string, { loss, logits }: ExportedOutput, masked: boolean): string {
  const costs: Readonly<Record<TrainingConfig["loss"], readonly string[]>> = {
    meanSquaredError: ["each = (output - target) ** 2"],
    meanAbsoluteError: ["each = (output - target).abs()"],
    binaryCrossentropy: logits
      ? ['each = F.binary_cross_entropy_with_logits(output, target, reduction="none")']
      : [`p = output.${clipped}`, "each = -(target * p.log() + (1 - target) * (1 - p).log())"],
    categoricalCrossentropy: logits
      ? ["each = -(target * output.log_softmax(-1)).sum(-1)"]
      : [`p = (output / output.sum(-1, keepdim=True)).${clipped}`, "each = -(target * p.log()).sum(-1)"],
    sparseCategoricalCrossentropy: [
      logits ? "log = output.log_softmax(-1)" : `log = (output / output.sum(-1, keepdim=True)).${clipped}.log()`,
      "each = -log.gather(-1, target.long().view(*output.shape[:-1], 1)).squeeze(-1)",
    ],
  };
  return [
    `def ${name}(output, target, weight=None):`,
    ...indented([
      `"""${loss}: the mean over all positions, each multiplied by its weight."""`,
      ...costs[loss],
      "if weight is None:",
      "    return each.mean()",
      "weight = weight.view(*weight.shape, *[1] * (each.dim() - weight.dim()))",
      ...(masked
        ? [
            "kept = ~weight.isnan()  # the others are masked",
            "each = torch.where(kept, each, 0.0) * weight.nan_to_num(0.0)",
            "return each.mean() * kept.numel() / kept.sum().clamp(min=1)",
          ]
        : ["return (each * weight).mean()"]),
    ]),
  ].join("\n");
}

/** `penalties(net)`: what the regularizers add to the loss; null: nothing. */
export function penaltyFunction({ penalties }: Network): string | null {
  if (penalties.length === 0) return null;
  const entries = penalties.map(({ parameter, l1, l2 }) => `${text(parameter)}: (${number(l1)}, ${number(l2)}),`);
  return [
    "#: Factors of Σ|w| and of Σ w² in the loss.",
    "PENALTIES = {",
    ...indented(entries),
    "}",
    "",
    "",
    "def penalties(net):",
    ...indented([
      "parameters = dict(net.named_parameters())",
      "return sum(l1 * parameters[name].abs().sum() + l2 * (parameters[name] ** 2).sum() for name, (l1, l2) in PENALTIES.items())",
    ]),
  ].join("\n");
}

const rmsprop = `class RMSprop(torch.optim.Optimizer):
    """RMSProp with epsilon inside the root, as in Keras and TensorFlow; PyTorch's own adds it outside."""

    def __init__(self, params, lr, decay, momentum, eps, centered):
        super().__init__(params, {"lr": lr, "decay": decay, "momentum": momentum, "eps": eps, "centered": centered})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            decay = group["decay"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["square"], state["mean"], state["moment"] = (torch.zeros_like(p) for _ in range(3))
                state["square"].mul_(decay).addcmul_(p.grad, p.grad, value=1 - decay)
                state["mean"].mul_(decay).add_(p.grad, alpha=1 - decay)
                centre = state["mean"] ** 2 if group["centered"] else 0.0
                root = ((state["square"] - centre).clamp(min=0) + group["eps"]).sqrt()
                state["moment"].mul_(group["momentum"]).addcdiv_(p.grad, root, value=group["lr"])
                p.sub_(state["moment"])`;

export interface OptimizerSource {
  /** A class that PyTorch does not have; null: none is needed. */
  readonly definition: string | null;
  readonly construction: string;
}

export function optimizerSource(config: OptimizerConfig): OptimizerSource {
  const own = (name: string, ...options: readonly string[]): OptimizerSource => ({
    definition: null,
    construction: `torch.optim.${name}(${["trained", `lr=${number(config.learningRate)}`, ...options].join(", ")})`,
  });
  const betas = ({
    beta1,
    beta2,
    epsilon,
  }: {
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
  }) => [`betas=(${number(beta1)}, ${number(beta2)})`, `eps=${number(epsilon)}`] as const;
  switch (config.type) {
    case "sgd":
      return own("SGD");
    case "momentum":
      return own("SGD", `momentum=${number(config.momentum)}`, ...(config.nesterov ? ["nesterov=True"] : []));
    case "adagrad":
      return own("Adagrad", `initial_accumulator_value=${number(config.initialAccumulator)}`);
    case "adadelta":
      return own("Adadelta", `rho=${number(config.rho)}`, `eps=${number(config.epsilon)}`);
    case "adam":
      return own("Adam", ...betas(config));
    case "adamw":
      return own("AdamW", ...betas(config), `weight_decay=${number(config.weightDecay)}`);
    case "adamax":
      return own("Adamax", ...betas(config));
    case "rmsprop":
      return {
        definition: rmsprop,
        construction: `RMSprop(trained, lr=${number(config.learningRate)}, decay=${number(config.decay)}, momentum=${number(config.momentum)}, eps=${number(config.epsilon)}, centered=${boolean(config.centered)})`,
      };
  }
}

/** Statements between `backward` and the update. */
export function clipping({ clip }: TrainingConfig): string[] {
  return [
    ...(clip.value === null ? [] : [`nn.utils.clip_grad_value_(trained, ${number(clip.value)})`]),
    ...(clip.norm === null ? [] : ["for p in trained:", `    nn.utils.clip_grad_norm_([p], ${number(clip.norm)})`]),
    ...(clip.globalNorm === null ? [] : [`nn.utils.clip_grad_norm_(trained, ${number(clip.globalNorm)})`]),
  ];
}

/** `limit_weights(net)`: limits of the weights themselves; null: none. */
export function weightLimit({ weightClip }: TrainingConfig, { embeddings }: Network): string | null {
  if (!weightClip) return null;
  const { value, maxNorm } = weightClip;
  return [
    "@torch.no_grad()",
    "def limit_weights(net):",
    ...indented([
      '"""Limits each entry, or the norm of each unit\'s incoming weights."""',
      "for name, p in net.named_parameters():",
      ...indented([
        ...(value === null ? [] : [`p.clamp_(${number(-value)}, ${number(value)})`]),
        ...(maxNorm === null
          ? []
          : [
              "if p.dim() > 1:",
              ...indented([
                embeddings.length > 0
                  ? `axes = (0,) if name in (${embeddings.map((name) => `${text(name)},`).join(" ")}) else tuple(range(1, p.dim()))`
                  : "axes = tuple(range(1, p.dim()))",
                "norms = (p ** 2).sum(axes, keepdim=True).sqrt()",
                `p.mul_(norms.clamp(max=${number(maxNorm)}) / (norms + 1e-7))`,
              ]),
            ]),
      ]),
    ]),
  ].join("\n");
}
