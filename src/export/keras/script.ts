/** The whole script: Keras 3 on any of its backends. */

import type { ExportedModel, Refusal } from "../exportedModel.ts";
import { rateFunction, type Script, scriptFiles } from "../loop.ts";
import { indented, number, remark, tuple } from "../python.ts";
import { network } from "./network.ts";
import { kerasRefusals, lossOf, optimizerOf, weightLimit } from "./training.ts";

/**
 * A training script that computes what `exported` describes: the same loss and gradients from the same weights and
 * samples. Or everything that has no equivalent.
 */
export function kerasScript(exported: ExportedModel): Script | readonly Refusal[] {
  const net = network(exported);
  const refusals = [...kerasRefusals(exported), ...("definitions" in net ? [] : net)];
  if (refusals.length > 0 || !("definitions" in net)) return refusals;
  const { training } = exported.model;
  const rates = rateFunction(training.schedule, training.optimizer.learningRate);
  const limit = weightLimit(training);
  const definitions = [
    ...net.definitions,
    compiled(exported),
    ...[rates, limit].filter((source) => source !== null),
    reading(exported),
    samples(exported),
    steps(exported, rates !== null, limit !== null),
    trainFunction(exported),
    'if __name__ == "__main__":\n    train()',
  ];
  return { text: `${[header(exported, rates !== null), ...definitions].join("\n\n\n")}\n`, state: net.state };
}

function header({ model, data }: ExportedModel, math: boolean): string {
  const { seed, batchSize, accumulate, length } = model.training;
  const batch = Math.min(batchSize, data.samples);
  return [
    `"""The model '${remark(model.name)}' as a training script of Keras 3, written by Gradient Lens.`,
    "",
    "    pip install keras numpy, and tensorflow or torch",
    "    KERAS_BACKEND=tensorflow python train.py   (or torch)",
    "",
    `${scriptFiles.data} holds the samples; in the first epoch they come in the file's order, which is that of Gradient Lens.`,
    `${scriptFiles.weights} holds the initial weights. Delete it to start from weights that Keras draws.`,
    '"""',
    "",
    ...(math ? ["import math"] : []),
    "from pathlib import Path",
    "",
    "import keras",
    "import numpy as np",
    "from keras import layers, ops",
    "",
    "HERE = Path(__file__).resolve().parent",
    `SEED = ${seed}`,
    `BATCH = ${batch}`,
    ...(accumulate > 1 ? [`PARTS = ${accumulate}  # batches whose gradients an update averages`] : []),
    "steps" in length ? `STEPS = ${length.steps}` : `EPOCHS = ${length.epochs}`,
  ].join("\n");
}

/** `compiled(net)`: with its losses and its optimizer. */
function compiled({ model, outputs }: ExportedModel): string {
  const losses = outputs.map(lossOf);
  const weights = outputs.map(({ weight }) => number(weight)).join(", ");
  return [
    "def compiled(net):",
    ...indented([
      "net.compile(",
      ...indented([
        `optimizer=${optimizerOf(model.training)},`,
        `loss=${losses.length > 1 ? `[${losses.join(", ")}]` : losses[0]},`,
        ...(losses.length > 1 ? [`loss_weights=[${weights}],`] : []),
      ]),
      ")",
      "return net",
    ]),
  ].join("\n");
}

function reading({ inputs, outputs, data }: ExportedModel): string {
  const parts = (array: string, shapes: readonly (readonly number[])[]) =>
    shapes.length > 1 ? `unpacked(${array}, ${shapes.map(tuple).join(", ")})` : array;
  const x = (name: string) =>
    parts(
      name,
      inputs.map(({ shape }) => shape),
    );
  const y = (name: string) =>
    parts(
      name,
      outputs.map(({ targetShape }) => targetShape),
    );
  const w = parts(
    'data["weights"][chosen]',
    outputs.map(({ targetShape }) => targetShape.slice(0, -1)),
  );
  const given = [x('data["inputs"][chosen]'), y('data["targets"][chosen]'), ...(data.weighted ? [w] : [])];
  return [
    "def read(name):",
    ...indented([
      '"""All arrays of a file."""',
      "with np.load(HERE / name) as arrays:",
      // Keras passes the mask on by itself; where it removes a position, the weight does not matter.
      `    return {key: ${data.masked ? 'np.nan_to_num(arrays[key]) if key == "weights" else ' : ""}arrays[key] for key in arrays.files}`,
    ]),
    "",
    "",
    "def given(data, chosen):",
    ...indented([
      `"""${data.weighted ? "Inputs, targets and weights" : "Inputs and targets"} of the chosen samples."""`,
      `return ${given.join(", ")}`,
    ]),
    ...(data.test > 0
      ? ["", "", "def test_samples(data):", `    return ${x('data["test_inputs"]')}, ${y('data["test_targets"]')}`]
      : []),
    "",
    "",
    "def start(net, arrays):",
    ...indented([
      '"""Gives each layer its weights, which the file has in Keras\'s order."""',
      "for layer in net.layers:",
      '    layer.set_weights([values for name, values in arrays.items() if name.split("/")[0] == layer.name])',
    ]),
  ].join("\n");
}

function samples({ model }: ExportedModel): string {
  const parts = model.training.accumulate > 1;
  const length = parts ? "max(1, len(self.order) // (BATCH * PARTS)) * PARTS" : "max(1, len(self.order) // BATCH)";
  return [
    "class Samples(keras.utils.PyDataset):",
    ...indented([
      '"""The batches of an epoch; the first epoch in order, each later one shuffled. A short rest is left out."""',
      "",
      "def __init__(self, data):",
      ...indented([
        "super().__init__()",
        "self.data = data",
        'self.order = np.arange(len(data["inputs"]))',
        "self.random = np.random.default_rng(SEED)",
      ]),
      "",
      "def __len__(self):",
      `    return ${length}`,
      "",
      "def __getitem__(self, index):",
      "    return given(self.data, self.order[index * BATCH : (index + 1) * BATCH])",
      "",
      "def on_epoch_end(self):",
      "    self.random.shuffle(self.order)",
    ]),
  ].join("\n");
}

/** The callback that sets rates, limits weights and ends after the last step. */
function steps({ model }: ExportedModel, rates: boolean, limits: boolean): string {
  const { accumulate, schedule, weightClip, optimizer } = model.training;
  const warmup = schedule.type === "reduceOnPlateau" ? schedule.warmup : 0;
  const counted = accumulate > 1 ? "self.batches // PARTS" : "self.batches";
  const rate = `self.model.optimizer.learning_rate = `;
  return [
    "class Steps(keras.callbacks.Callback):",
    ...indented([
      '"""Counts updates, and does what belongs to one of them."""',
      "",
      "def __init__(self, steps):",
      "    super().__init__()",
      "    self.steps, self.batches = steps, 0",
      ...(rates || warmup > 0
        ? [
            "",
            "def on_train_batch_begin(self, batch, logs=None):",
            ...indented([
              `step = 1 + ${counted}`,
              ...(rates
                ? [`${rate}rate(step, self.steps)`]
                : [`if step <= ${warmup}:`, `    ${rate}${number(optimizer.learningRate)} * step / ${warmup}`]),
            ]),
          ]
        : []),
      "",
      "def on_train_batch_end(self, batch, logs=None):",
      ...indented([
        "self.batches += 1",
        ...(limits && weightClip
          ? [
              `if self.batches % ${accumulate > 1 ? `(${weightClip.every} * PARTS)` : weightClip.every} == 0:`,
              "    limit_weights(self.model)",
            ]
          : []),
        `if ${counted} >= self.steps:`,
        "    self.model.stop_training = True",
      ]),
    ]),
  ].join("\n");
}

function trainFunction({ model, data }: ExportedModel): string {
  const { length, schedule, earlyStopping, checkpoint, accumulate } = model.training;
  const perEpoch = `len(samples)${accumulate > 1 ? " // PARTS" : ""}`;
  const tested = earlyStopping?.monitor === "testLoss" && data.test > 0;
  return [
    "def train():",
    ...indented([
      "keras.utils.set_random_seed(SEED)",
      `data = read("${scriptFiles.data}")`,
      "net = compiled(network())",
      `if (HERE / "${scriptFiles.weights}").exists():`,
      `    start(net, read("${scriptFiles.weights}"))`,
      "samples = Samples(data)",
      ...("steps" in length
        ? ["steps = STEPS", `epochs = -(-STEPS // (${perEpoch}))`]
        : [`steps = EPOCHS * (${perEpoch})`, "epochs = EPOCHS"]),
      "callbacks = [",
      ...indented([
        "Steps(steps),",
        ...(schedule.type === "reduceOnPlateau"
          ? [
              "keras.callbacks.ReduceLROnPlateau(",
              `    monitor="loss", factor=${number(schedule.factor)}, patience=${schedule.patience}, min_delta=${number(schedule.minDelta)},`,
              `    cooldown=${schedule.cooldown}, min_lr=${number(schedule.minimum)},`,
              "),",
            ]
          : []),
        ...(earlyStopping
          ? [
              `keras.callbacks.EarlyStopping(monitor="${tested ? "val_loss" : "loss"}", min_delta=${number(earlyStopping.minDelta)}, patience=${earlyStopping.patience}),`,
            ]
          : []),
      ]),
      "]",
      `net.fit(samples, epochs=epochs, shuffle=False, callbacks=callbacks${data.test > 0 ? ", validation_data=test_samples(data)" : ""}, verbose=2)`,
      ...(checkpoint ? ['net.save_weights(HERE / "trained.weights.h5")'] : []),
    ]),
  ].join("\n");
}
