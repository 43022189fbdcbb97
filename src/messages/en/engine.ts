/** What the engine says of itself: backends, kernels, the deep probe, how runs end early. */

import { count } from "../numberText.ts";

export const engine = {
  workspaces: "the workspace's ",
  package: ({ whose, name, why }: { whose: string; name: string; why: string }) => `${whose}${name} ${why}`,
  semicolon: "; ",
  unallowed: (folder: string) =>
    `is native code that has not been allowed: "${folder}" (--allow-native, or the command "Allow Native Code of the Workspace")`,
  notInstalled: "is not installed",
  outside: (folder: string) => `is not loaded: "${folder}" is outside the trusted folder`,
  otherVersion: ({ version, needed }: { version: string; needed: string }) =>
    `is version ${version}, but ${needed} is needed`,
  noBackend: "registered no backend",
  noMessage: "no message",
  noLibrary: "is installed, but its native library cannot be loaded",
  notLoaded: "is installed, but failed to load",
  because: ({ what, why }: { what: string; why: string }) => `${what}: ${why}`,
  notStarted: "could not be started",
  moduleNotStarted: "its module could not be started",
  fileMissing: (file: string) => `its file ${file} is missing beside the engine`,
  slow: "JavaScript (slow)",
  notTried: (choice: string) => `not tried: "${choice}" was asked for`,
  noneStarted: (reasons: string) => `No tfjs backend could be started: ${reasons}`,

  kernelsMissing: (file: string) => `their file ${file} is missing beside the engine`,
  noSimd: "this Node has no WebAssembly SIMD",
  ofStack: (reason: string) => `of its stack, ${reason}`,
  unknownCell: (name: string) => `the kernels do not know ${name}`,
  stateful: "it is stateful",
  unknownActivation: (name: string) => `the kernels do not know the activation ${name}`,
  unknownRecurrent: (name: string) => `the kernels do not know the recurrent activation ${name}`,
  ownWeights: "it has weights of its own",
  noMemory: "they have no external memory",
  ownCode: "code of its own and not in the kernels",
  ownLoop: "TensorFlow.js's own loop",
  runsIn: ({ layer, where, reason }: { layer: string; where: string; reason: string }) =>
    `"${layer}" runs in ${where}, because ${reason}. Its figures are the same, but its steps take longer, and a probe sees fewer of them.`,

  kernelsNotLoaded: "the kernels could not be loaded",
  cutCountsMasked:
    "truncation and the gradient-norm regularizer also count masked timesteps, which the kernels leave out",
  failed: (why: string) => `The engine failed: ${why}`,

  stages: {
    training: "training",
    states: "states",
    flow: "flow of the gradient",
    exponents: "Lyapunov exponents",
    matrix: "recurrent matrix",
    products: "products of Jacobians",
  },
  notRecurrent: "it is not recurrent",
  hasMemory: "it has an external memory",
  stacked: "it is one of several stacked cells",
  hasDropout: "it has dropout",
  masked: "its input is masked",
  noKernel: "it has no recurrent kernel",
  usedTwice: "it is used more than once in a pass",
  keepsNoCheckpoints: (model: string) => `The training of "${model}" keeps no checkpoints.`,
  noCheckpoint: {
    last: "This run has not written its last checkpoint yet, or its files were removed.",
    best: "This run has not written its best checkpoint yet, or its files were removed.",
  },
  checkpointOfAnother: {
    last: "The last checkpoint belongs to another run of this model. Each training replaces the checkpoints of the one before it.",
    best: "The best checkpoint belongs to another run of this model. Each training replaces the checkpoints of the one before it.",
  },
  checkpointUnread: (reason: string) => `The checkpoint cannot be read: ${reason}`,
  statesNotFinite: ({ layer, steps }: { layer: string; steps: number }) =>
    `The states of "${layer}" are not finite after ${steps} steps.`,
  trainingDiverged: (step: number) => `The training diverged at step ${step}: the loss is not finite.`,
  noRecurrent: (model: string) => `The model "${model}" has no recurrent layer to probe.`,
  noSuchLayer: ({ model, layer, names }: { model: string; layer: string; names: string }) =>
    `The model "${model}" has no recurrent layer "${layer}"; it has ${names}.`,
  severalLayers: ({ model, names }: { model: string; names: string }) =>
    `The model "${model}" has several recurrent layers. Choose one of ${names}.`,
  cannotAnalyse: ({ layer, type, reason }: { layer: string; type: string; reason: string }) =>
    `The deep probe cannot analyse "${layer}" (${type}): ${reason}. It supports simpleRNN, lstm and gru layers that the fused kernels can run.`,
  notImproved: ({ monitor, epochs, best }: { monitor: string; epochs: number; best: string }) =>
    `${monitor} has not improved for ${count(epochs, "epoch")}${best}`,
  itsBest: ({ best, epoch }: { best: string; epoch: number }) => `; its best was ${best}, in epoch ${epoch}`,
};
