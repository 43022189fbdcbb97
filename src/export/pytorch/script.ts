/** The whole script. */

import type { ExportedModel, Refusal } from "../exportedModel.ts";
import { rateFunction, type Script, scriptFiles, trainingRefusals } from "../loop.ts";
import { indented, number, remark } from "../python.ts";
import { type Launch, type LaunchParts, launchParts } from "./launch.ts";
import { type Network, network } from "./network.ts";
import { clipping, lossFunction, optimizerSource, penaltyFunction, weightLimit } from "./training.ts";

/**
 * A training script that computes what `exported` describes: the same loss and gradients from the same weights and
 * samples. Or everything that has no equivalent.
 */
export function pytorchScript(exported: ExportedModel, launch: Launch): Script | readonly Refusal[] {
  const net = network(exported);
  const refusals = [...trainingRefusals(exported), ...("classes" in net ? [] : net)];
  if (refusals.length > 0 || !("classes" in net)) return refusals;
  const { training } = exported.model;
  const parts = launchParts[launch];
  const optimizer = optimizerSource(training.optimizer);
  const rates = rateFunction(training.schedule, training.optimizer.learningRate);
  const penalty = penaltyFunction(net);
  const limit = weightLimit(training, net);
  const definitions = [
    ...net.classes,
    lossFunction(exported),
    ...[penalty, optimizer.definition, rates, limit].filter((source) => source !== null),
    evaluation(exported),
    trainFunction(exported, net, parts),
    ['if __name__ == "__main__":', ...indented(parts.main)].join("\n"),
  ];
  return { text: `${[header(exported, parts, rates !== null), ...definitions].join("\n\n\n")}\n`, state: net.state };
}

function header({ model, data }: ExportedModel, parts: LaunchParts, math: boolean): string {
  const { training } = model;
  const { length } = training;
  return [
    `"""The model '${remark(model.name)}' as a PyTorch training script, written by Gradient Lens.`,
    "",
    ...indented([
      "pip install torch numpy, and gradlens (python/ in the repository of Gradient Lens)",
      ...parts.commands,
    ]),
    "",
    `${scriptFiles.data} holds the samples; in the first epoch they come in the file's order, which is that of Gradient Lens.`,
    `${scriptFiles.weights} holds the initial weights. Delete it to start from weights that PyTorch draws.`,
    '"""',
    "",
    ...[...(math ? ["import math"] : []), "from pathlib import Path", ...plain(parts.imports, true)].sort(order),
    "",
    "import numpy as np",
    "import torch",
    ...plain(parts.imports, false),
    "from torch import nn",
    "from torch.nn import functional as F",
    "",
    "import gradlens",
    "",
    "HERE = Path(__file__).resolve().parent",
    `SEED = ${training.seed}`,
    `BATCH = ${Math.min(training.batchSize * training.accumulate, data.samples)}${training.accumulate > 1 ? `  # in ${training.accumulate} parts, whose gradients are averaged` : ""}`,
    "steps" in length ? `STEPS = ${length.steps}` : `EPOCHS = ${length.epochs}`,
  ].join("\n");
}

/** Imports of Python itself (`own`), or of packages. */
function plain(imports: readonly string[], own: boolean): string[] {
  return imports.filter((line) => (line === "import os") === own);
}

/** `import a` before `from b import c`. */
function order(a: string, b: string): number {
  return Number(a.startsWith("from")) - Number(b.startsWith("from")) || (a < b ? -1 : 1);
}

function evaluation({ data }: ExportedModel): string {
  if (data.test === 0) return READ;
  return `${READ}


@torch.no_grad()
def test_loss(net, inputs, targets):
    net.eval()
    parts = [loss_of(net(x), y) * len(x) for x, y in zip(inputs.split(BATCH), targets.split(BATCH))]
    net.train()
    return float(sum(parts)) / len(inputs)`;
}

const READ = `def read(name, device):
    """All arrays of a file as tensors."""
    with np.load(HERE / name) as arrays:
        return {key: torch.from_numpy(arrays[key]).to(device) for key in arrays.files}


def batches(samples, size):
    """Endless batches of indices; the first epoch in order, each later one shuffled. A short rest is left out."""
    order = torch.arange(samples)
    shuffled = torch.Generator().manual_seed(SEED)
    while True:
        yield from order.split(size)[: max(1, samples // size)]
        order = torch.randperm(samples, generator=shuffled)`;

/** `train()`: everything from the first weights to the last step. */
function trainFunction(exported: ExportedModel, net: Network, parts: LaunchParts): string {
  const { model, data } = exported;
  const { training } = model;
  const epochwise = training.schedule.type === "reduceOnPlateau" || training.earlyStopping !== null || data.test > 0;
  return [
    "def train(config=None):",
    ...indented([
      ...parts.begin,
      "torch.manual_seed(SEED)",
      `data = read("${scriptFiles.data}", device)`,
      "net = Net().to(device)",
      `if (HERE / "${scriptFiles.weights}").exists():`,
      `    net.load_state_dict(read("${scriptFiles.weights}", device))`,
      "trained = [p for p in net.parameters() if p.requires_grad]",
      `optimizer = ${optimizerSource(training.optimizer).construction}`,
      ...(parts.shared ? [`model = ${parts.wrapped}`] : []),
      `lens = gradlens.watch(${[called(parts), ...lensOptions(exported), ...parts.lens].join(", ")})`,
      `per_epoch = max(1, len(data["inputs"]) // BATCH)`,
      ...("steps" in training.length ? ["steps = STEPS"] : ["steps = EPOCHS * per_epoch"]),
      ...epochState(exported),
      "losses = []",
      'for step, chosen in zip(range(1, steps + 1), batches(len(data["inputs"]), BATCH)):',
      ...indented([
        ...rateStatements(exported),
        ...(parts.shared ? ["chosen = chosen[rank::ranks]  # each process takes its share"] : []),
        ...stepStatements(exported, net, called(parts)),
        ...clipping(training),
        "optimizer.step()",
        "lens.step(loss)",
        ...limitStatements(exported),
        "losses.append(loss.item())",
        "if step % per_epoch == 0 or step == steps:",
        ...indented([
          "mean = sum(losses) / len(losses)",
          ...(data.test > 0 ? ['tested = test_loss(net, data["test_inputs"], data["test_targets"])'] : []),
          ...once(parts, `print(f"step {step}: loss {mean:.4g}${data.test > 0 ? ", test loss {tested:.4g}" : ""}")`),
          ...(epochwise ? epochStatements(exported) : []),
          "losses = []",
        ]),
      ]),
      ...(training.checkpoint ? ["if rank == 0:", '    torch.save(net.state_dict(), HERE / "trained.pt")'] : []),
      ...parts.end,
    ]),
  ].join("\n");
}

function lensOptions({ data }: ExportedModel): string[] {
  return [
    ...(data.requiredLag === null ? [] : [`required_lag=${data.requiredLag}`]),
    ...(data.baseline === null ? [] : [`baseline=${number(data.baseline)}`]),
  ];
}

/** The variable of the module that is called: the net, or what distributes it. */
function called({ shared }: LaunchParts): string {
  return shared ? "model" : "net";
}

/** A statement that only the first process executes. */
function once({ shared }: LaunchParts, statement: string): string[] {
  return shared ? ["if rank == 0:", `    ${statement}`] : [statement];
}

/** The update's gradient, of the whole batch or of its parts. */
function stepStatements({ model, data }: ExportedModel, { penalties }: Network, called: string): string[] {
  const { accumulate } = model.training;
  const loss = (part: string) =>
    `loss_of(${called}(data["inputs"][${part}]), data["targets"][${part}]${data.weighted ? `, data["weights"][${part}]` : ""})`;
  const whole = (value: string) => (penalties.length > 0 ? `(${value} + penalties(net))` : value);
  if (accumulate === 1) return ["optimizer.zero_grad()", `loss = ${loss("chosen")}`, `${whole("loss")}.backward()`];
  return [
    "optimizer.zero_grad()",
    "loss = 0.0",
    `for part in chosen.tensor_split(${accumulate}):`,
    `    share = ${loss("part")}`,
    `    (${whole("share")} / ${accumulate}).backward()`,
    `    loss = loss + share.detach() / ${accumulate}`,
  ];
}

function rateStatements({ model }: ExportedModel): string[] {
  const { schedule, optimizer } = model.training;
  if (rateFunction(schedule, optimizer.learningRate) !== null)
    return ["for group in optimizer.param_groups:", '    group["lr"] = rate(step, steps)'];
  if (schedule.type !== "reduceOnPlateau" || schedule.warmup === 0) return [];
  return [
    `if step <= ${schedule.warmup}:`,
    "    for group in optimizer.param_groups:",
    `        group["lr"] = ${number(optimizer.learningRate)} * step / ${schedule.warmup}`,
  ];
}

function limitStatements({ model }: ExportedModel): string[] {
  const { weightClip } = model.training;
  if (!weightClip) return [];
  if (weightClip.every === 1) return ["limit_weights(net)"];
  return [`if step % ${weightClip.every} == 0:`, "    limit_weights(net)"];
}

function epochState({ model }: ExportedModel): string[] {
  const { schedule, earlyStopping } = model.training;
  return [
    ...(schedule.type === "reduceOnPlateau"
      ? [
          "plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(",
          `    optimizer, factor=${number(schedule.factor)}, patience=${schedule.patience - 1}, threshold=${number(schedule.minDelta)}, threshold_mode="abs",`,
          `    cooldown=${schedule.cooldown}, min_lr=${number(schedule.minimum)},`,
          ")",
        ]
      : []),
    ...(earlyStopping ? ['best, waited = float("inf"), 0'] : []),
  ];
}

function epochStatements({ model, data }: ExportedModel): string[] {
  const { schedule, earlyStopping } = model.training;
  const stopping = earlyStopping && {
    ...earlyStopping,
    value: earlyStopping.monitor === "testLoss" && data.test > 0 ? "tested" : "mean",
  };
  return [
    ...(schedule.type === "reduceOnPlateau" ? ["plateau.step(mean)"] : []),
    ...(stopping
      ? [
          `if ${stopping.value} < best - ${number(stopping.minDelta)}:`,
          `    best, waited = ${stopping.value}, 0`,
          "else:",
          "    waited += 1",
          `if waited >= ${stopping.patience}:`,
          "    break",
        ]
      : []),
  ];
}
