/** Why a saved model's file cannot be loaded. Each is said of the file, whose name stands before it. */

export const savedModels = {
  tooManyBytes: (millions: number) => `It has more than ${millions} million bytes, the limit.`,
  denied: "It cannot be read: permission denied.",
  noFile: "There is no such file.",
  folderNotFile: (file: string) => `It is a folder. Name the file in it: "${file}".`,
  noKerasConfig: "It is a zip file, but not a Keras model: it has no config.json.",
  noKerasWeights: "It has no model.weights.h5.",
  tooMuch: "It holds more than a model may have.",
  tooMuchBecause: (why: string) => `It holds more than a model may have: ${why}.`,
  noKerasZip: "It is not a zip file as written by Keras 3, or it is damaged or cut off.",
  noHdf5: "It is not an HDF5 file, or it is damaged or cut off.",
  weightMissing: (weight: string) => `Its weight "${weight}" is missing.`,
  weightEmpty: (weight: string) => `Its weight "${weight}" is empty.`,
  weightKind: (weight: string) => `Its weight "${weight}" does not consist of 32-bit floating-point numbers.`,
  noWeights: `It describes the layers but has no weights. Name the file that has them as the model's "weights".`,
  graphModel: "It is a tfjs graph model, which has operations but no layers. Save it as a layers model.",
  noTopology: "It is not a tfjs model.json: it has no modelTopology.",
  noManifest: (place: string) =>
    `Its weightsManifest is missing, or is not a list of float32 weights and their files${place}.`,
  weightTwice: ({ name, place }: { name: string; place: string }) => `It has two weights named "${name}" (${place}).`,
  manyShards: (most: number) => `Its weights are in more than ${most} files, the limit.`,
  weightsOutside: (file: string) => `Its weights should be in "${file}", which is outside its folder.`,
  weightsNowhere: (file: string) => `Its weights should be in "${file}", but there is no such file.`,
  weightBytes: ({ bytes, wanted }: { bytes: number; wanted: number }) =>
    `Its weight files have ${bytes} bytes, but model.json describes ${wanted}.`,
  partTooLarge: ({ what, millions }: { what: string; millions: number }) =>
    `Its ${what} has more than ${millions} million bytes, the limit.`,
  notUtf8: ({ what, line }: { what: string; line: number }) =>
    `Its ${what} is not a JSON object: line ${line} is not UTF-8.`,
  badJson: ({ what, line, column, why }: { what: string; line: number; column: number; why: string }) =>
    `Its ${what} is not a JSON object that can be read (line ${line}, column ${column}): ${why}.`,
  noObject: (what: string) => `Its ${what} is not a JSON object.`,
  manyArrays: ({ most, place }: { most: string; place: string }) =>
    `It has more than ${most} arrays of weights, the limit${place}.`,
  manyWeights: ({ most, place }: { most: string; place: string }) =>
    `It has more than ${most} weights, the limit${place}.`,

  noInputs: "It has no inputs.",
  noSuchOutput: (layer: string) =>
    `An output of its layer "${layer}" is taken that it does not have here: only outputs and the last states of recurrent layers can be passed on, no scores of attention.`,
  notDescribed: (layer: string) => `It connects layers to "${layer}", which it does not describe.`,
  ownOutput: (layer: string) => `Its layer "${layer}" takes its own output.`,
  layerTwice: (layer: string) => `It has two layers named "${layer}".`,
  customClass: (name: string) =>
    `Its model has the class "${name}", which is custom code: only sequential and functional models describe their layers.`,
  noLayers: "It does not say which layers the model has.",
  manyLayers: (most: number) => `It has more than ${most} layers, the limit.`,
  noInput: (layer: string) => `Its layer "${layer}" has no input.`,
  noOutputOfLayer: (layer: string) => `Its layer "${layer}" is called with something that is not a layer's output.`,
  inputsUnread: (layer: string) => `The inputs of its layer "${layer}" are not readable.`,
  calledWith: ({ layer, key }: { layer: string; key: string }) =>
    `Its layer "${layer}" is called with "${key}", which cannot be passed on here.`,
  otherMask: (layer: string) =>
    `Its layer "${layer}" takes a mask that no layer before it makes. Only the masks of an Embedding with mask_zero, or of Masking, can be passed on here.`,
  none: "none",
  otherLayers: (of: { found: number; names: string; wanted: number; wantedNames: string }) =>
    `It has weights of ${of.found} layers (${of.names}), but ${of.wanted} layers of the model have weights (${of.wantedNames}).`,
  operation: ({ name, kind }: { name: string; kind: string }) =>
    `Its operation "${name}" (${kind}) has no layer here that computes the same. Write the model as "layers" in the config, in place of "file".`,
  rowStates: (layer: string) =>
    `Its layer "${layer}" (ConvLSTM1D) begins with states of another layer, which only ConvLSTM2D can do here. Write the model with ConvLSTM2D and images of one row.`,
  branches: (layer: string) =>
    `Its layer "${layer}" (TimeDistributed) holds a model with branches. Write the model as "layers" in the config, in place of "file".`,
  undescribed: "One of its layers has no name, no class or no config.",
  cudnn: (layer: string) => `The weights of its layer "${layer}" are not those of a CuDNN layer.`,
  leavesMasked: ({ layer, type }: { layer: string; type: string }) =>
    `Its layer "${layer}" (${type}) leaves masked timesteps out of what it computes, which no layer here does. Write the model as "layers" in the config, with another layer in its place (layerNormalization, for example), or without the mask.`,
  takesShape: ({ input, stated, shape }: { input: string | null; stated: string; shape: string }) =>
    `${input === null ? "It" : `Its input "${input}"`} takes samples of shape ${stated}, but those of the data are ${shape}.`,
  weightNumber: ({ layer, wanted, found }: { layer: string; wanted: number; found: number }) =>
    `Its layer "${layer}" should have ${wanted} weights, but the file has ${found}.`,
};
