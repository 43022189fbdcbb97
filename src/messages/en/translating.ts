/** Why a layer of a saved model has no equivalent here, and what is measured differently from the file. */

const otherLayers = (n: number) => (n === 0 ? "" : ` and ${n} other ${n === 1 ? "layer" : "layers"}`);

/** Layers of the file: the first one's name, and how many others. */
interface Layers {
  readonly first: string;
  readonly others: number;
}

export const translating = {
  refused: ({ layer, type, why }: { layer: string; type: string; why: string }) =>
    `Its layer "${layer}" (${type}) cannot be translated: ${why}`,
  code: 'it contains code, and nothing in a file is executed. Write the model as "layers" in the config, in place of "file".',
  modelInside: "a model inside a wrapper has no place here.",
  rmsScaling:
    "with rms_scaling, which Keras has deprecated, it divides by the standard deviation without taking the mean off. Train the model with RMSNormalization in its place.",
  noLayer:
    'there is no layer here that computes the same, and code is not read from files. Write the model as "layers" in the config, in place of "file".',
  notInside: "it does not describe the layer inside it.",
  unknown: (key: string) => `its ${key} is unknown.`,
  ownActivation: "its activation is custom code.",
  noActivation: (name: string) => `there is no activation "${name}" here.`,
  cells: "its cells are not a list.",
  stateful: '"stateful" must be true or false.',
  unsupported: ({ key, value }: { key: string; value: string }) =>
    `"${key}" is ${value}, which tfjs's layer does not support.`,

  weightShape: (of: { weight: string; layer: string; shape: string; wanted: string }) =>
    `The ${of.weight} of its layer "${of.layer}" has shape ${of.shape}, but the layer needs ${of.wanted}.`,
  weightsNotFinite: (of: { weight: string; layer: string; broken: number; n: number }) =>
    `The ${of.weight} of its layer "${of.layer}" has ${of.broken} of ${of.n} entries that are NaN or infinite, so every gradient would be, too. It was saved after its training had diverged.`,
  modelsInside: (most: number) => `It has more than ${most} models inside each other.`,
  deepGroup: (group: string) => `Its group "${group}" is nested too deeply.`,
  manyNames: ({ what, most }: { what: string; most: string }) => `Its ${what} has more than ${most} names, the limit.`,
  weightsOnly:
    'It has weights but does not describe their layers. Name it as the "weights" of a model with "layers" or with another "file", or save the whole model (model.save).',
  noModelConfig: "It is an HDF5 file, but not a Keras model: it has no model_config.",
  folder: "It is a folder, not a saved model: Keras's .keras or .h5, or tfjs's model.json.",
  empty: "It is empty, or was cut off at its start.",
  neither: "It is neither a zip nor an HDF5 file, as Keras writes them, or it is damaged or cut off.",
  noModel: "It is not a saved model that can be read here: Keras's .keras or .h5, or tfjs's model.json.",

  carriedState: ({ first, others }: Layers) =>
    `Its layer "${first}"${otherLayers(others)} carried the state from batch to batch in training (stateful). It is measured without that: each sample begins with a state of zero.`,
  penalty: ({ first, others }: Layers) =>
    `Its layer "${first}"${otherLayers(others)} adds a penalty on its outputs to the loss (activity_regularizer). The penalty is left out here, in the loss and in the gradients.`,
  precision: (policies: string) => `It was trained in ${policies}. It is measured in float32.`,
  unmasked: {
    state: ({ first, others }: Layers) =>
      `Its layer "${first}"${otherLayers(others)} begins with a state and therefore gets no mask from Keras 3: it reads masked timesteps like any other. It does so here, too.`,
    recorded: ({ first, others }: Layers) =>
      `Its layer "${first}"${otherLayers(others)} gets no mask in Keras 3: it reads masked timesteps like any other. It does so here, too.`,
    attention: ({ first, others }: Layers) =>
      `Its layer "${first}"${otherLayers(others)} takes what another MultiHeadAttention has taken before, which took the mask off in Keras 3: it reads masked timesteps like any other. It does so here, too.`,
  },
  logits: ({ outputs, loss }: { outputs: string; loss: string }) =>
    `Its outputs${outputs === "" ? "" : ` ${outputs}`} are logits for "${loss}" (from_logits), and are treated as logits here.`,
  probabilities: ({ names, n }: { names: string; n: number }) =>
    `Its loss takes ${names} for logits (from_logits), but ${n === 1 ? "that layer gives" : "these layers give"} probabilities. The loss is computed from them correctly here, as by Keras on TensorFlow.`,
  changedLoss: (losses: string) =>
    `It was trained with the loss ${losses}. The same loss here does not have these arguments.`,
};
