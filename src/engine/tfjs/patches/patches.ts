/** Every place where tfjs is completed or corrected, in the order in which it happens. */

import { registerAbsGradient } from "./absGradient.ts";
import { registerClipGradient } from "./clipByValueGradient.ts";
import { registerConvolutionCalls } from "./convolutionCalls.ts";
import { registerConvolutionGradients } from "./convolutionGradients.ts";
import { registerExtremeGradients } from "./extremeGradients.ts";
import { registerLeadingSums } from "./leadingSums.ts";
import { registerMissingGradients } from "./missingGradients.ts";
import { registerCpuFallbacks } from "./missingKernels.ts";
import { registerNanKernels } from "./nanKernels.ts";
import { registerPooling } from "./pooling.ts";
import { registerReductionGradients } from "./reductionGradients.ts";
import { registerSegmentSum } from "./segmentSum.ts";
import { registerSharedClones } from "./sharedClones.ts";
import { registerSlices } from "./slices.ts";
import { registerColumns } from "./splitAndJoin.ts";
import { registerStops } from "./stops.ts";
import { registerTileGradient } from "./tileGradient.ts";
import { registerUpsamplingGradient } from "./upsamplingGradient.ts";

export interface Patch {
  /** What is replaced or added. */
  readonly what: string;
  /** The version of tfjs that needs the patch; a later version should be tried without it. */
  readonly tfjs: string;
  /** What goes wrong without the patch. */
  readonly symptom: string;
  /** A file below test/unit/engine that fails without the patch. */
  readonly test: string;
  /** Why the patch stands at its place in this list, or happens where it does. */
  readonly place: string;
  /**
   * Registers the patch, once per process; or the module below src/engine that applies it for each layer, weight or
   * process.
   */
  readonly how: (() => void) | string;
}

export const patches: readonly Patch[] = [
  {
    what: "kernel ResizeNearestNeighborGrad, CPU",
    tfjs: "4.22",
    symptom: "the gradient of upsampling is wrong for every sample but the first",
    test: "backend/layerTypes.test.ts",
    place: "before the fallbacks, which then take the CPU backend's kernels",
    how: registerUpsamplingGradient,
  },
  {
    what: "kernel UnsortedSegmentSum, CPU",
    tfjs: "4.22",
    symptom: "an embedding's gradient takes ten times as long as the rest of the step",
    test: "backend/segmentSum.test.ts",
    place: "before the fallbacks, which then take the CPU backend's kernels",
    how: registerSegmentSum,
  },
  {
    what: "kernels that the WASM backend lacks or gets wrong, from the CPU backend",
    tfjs: "4.22",
    symptom: "embeddings and convolutions cannot be trained",
    test: "backend/layerTypes.test.ts",
    place: "after the two corrected CPU kernels; before the NaN kernels, which wrap the WASM backend's present ones",
    how: registerCpuFallbacks,
  },
  {
    what: "kernels that lose NaN, both backends",
    tfjs: "4.22",
    symptom: "a NaN turns into a harmless number on its way, and no finding reports it",
    test: "backend/nan.test.ts",
    place: "after the fallbacks, because it replaces kernels of the WASM backend",
    how: registerNanKernels,
  },
  {
    what: "pooling of images and volumes and its gradients, both backends",
    tfjs: "4.22",
    symptom:
      "pooling loses NaN; gradients of max pooling and of average pooling at an edge are wrong, or slow; the maximum of a volume is never negative",
    test: "backend/pooling.test.ts",
    place: "after the fallbacks, whose kernels it replaces on both backends",
    how: registerPooling,
  },
  {
    what: "kernel Identity, WASM",
    tfjs: "4.22",
    symptom: "every clone is a copy, and so is everything that is saved for the backward pass",
    test: "backend/sharedClones.test.ts",
    place: "any time before the first step: no other patch calls it",
    how: registerSharedClones,
  },
  {
    what: "sums over the first axes, both backends",
    tfjs: "4.22",
    symptom: "the gradient of a bias takes as long as the product beside it",
    test: "backend/shortcuts.test.ts",
    place: "after the fallbacks, because it wraps both backends' present kernels",
    how: registerLeadingSums,
  },
  {
    what: "kernels SplitV and Concat of short rows, WASM",
    tfjs: "4.22",
    symptom: "splitting the gates of convLstm2d takes longer than its convolutions",
    test: "backend/shortcuts.test.ts",
    place: "after the fallbacks, because it wraps the WASM backend's present kernels",
    how: registerColumns,
  },
  {
    what: "kernels Slice and Unpack, WASM",
    tfjs: "4.22",
    symptom: "walking through a sequence, as timeDistributed does, copies all of it at every timestep",
    test: "backend/shortcuts.test.ts",
    place: "after the fallbacks, because it wraps the WASM backend's present kernels",
    how: registerSlices,
  },
  {
    what: "gradient of ClipByValue",
    tfjs: "4.22",
    symptom: "every hardSigmoid makes six tensors on the way back",
    test: "backend/shortcuts.test.ts",
    place: "after tfjs has registered its own gradient, which its import does",
    how: registerClipGradient,
  },
  {
    what: "gradients of comparisons and of conv3dTranspose",
    tfjs: "4.22",
    symptom: "thresholdedReLU, masking behind another layer and conv3dTranspose cannot be trained",
    test: "backend/layerTypes.test.ts",
    place: "any time before the first step: gradients belong to no backend",
    how: registerMissingGradients,
  },
  {
    what: "gradients of convolutions",
    tfjs: "4.22",
    symptom: "dilated convolutions cannot be trained",
    test: "backend/convolutionKernels.test.ts",
    place: "after tfjs has registered its own gradients, which its import does",
    how: registerConvolutionGradients,
  },
  {
    what: "call of conv2d",
    tfjs: "4.22",
    symptom: "dilated convolutions cannot be trained; the first layer computes a gradient of the data",
    test: "backend/layerTypes.test.ts",
    place: "before the first layer is called, because other code wraps a layer's call",
    how: registerConvolutionCalls,
  },
  {
    what: "gradients of Sum and Mean",
    tfjs: "4.22",
    symptom: "a global average over a volume takes as long on the way back as a convolution of it",
    test: "backend/shortcuts.test.ts",
    place: "after tfjs has registered its own gradients, which its import does",
    how: registerReductionGradients,
  },
  {
    what: "gradient of Tile",
    tfjs: "4.22",
    symptom: "a step of layerNormalization on long sequences takes seconds",
    test: "backend/tileGradient.test.ts",
    place: "after tfjs has registered its own gradient, which its import does",
    how: registerTileGradient,
  },
  {
    what: "gradient of Abs",
    tfjs: "4.22",
    symptom: "an l1 penalty pushes zero weights away from zero",
    test: "training/layerRemedies.test.ts",
    place: "after tfjs has registered its own gradient, which its import does",
    how: registerAbsGradient,
  },
  {
    what: "gradients of Max and Min",
    tfjs: "4.22",
    symptom: "each of several equal largest values gets the whole gradient, so a maximum over zeros multiplies it",
    test: "backend/extremeGradients.test.ts",
    place: "after tfjs has registered its own gradients, which its import does",
    how: registerExtremeGradients,
  },
  {
    what: "start of every operation",
    tfjs: "4.22",
    symptom: "a step that takes seconds cannot be stopped",
    test: "training/stopping.test.ts",
    place: "any time before the first step: it wraps the function that runs an operation, and no kernel",
    how: registerStops,
  },
  {
    what: "matrix products, both backends",
    tfjs: "4.22",
    symptom: "batches of matrices are multiplied on one thread, unpacked",
    test: "backend/productKernels.test.ts",
    place: "when the compiled kernels are loaded, which an engine may do without",
    how: "tfjs/patches/productKernels.ts",
  },
  {
    what: "convolutions over images and volumes, depthwise ones, and their gradients, both backends",
    tfjs: "4.22",
    symptom: "the gradient of a convolution takes hundreds of times longer than necessary",
    test: "backend/convolutionKernels.test.ts",
    place: "when the compiled kernels are loaded, which an engine may do without",
    how: "tfjs/patches/convolutionKernels.ts",
  },
  {
    what: "layerNormalization's call, over the last axes",
    tfjs: "4.22",
    symptom: "tiled moments and weights take most of a transformer's step",
    test: "layers/fusedOperations.test.ts",
    place: "when the compiled kernels are loaded, which an engine may run without",
    how: "layers/fusedNormalization.ts",
  },
  {
    what: "call of convLstm2d's cell",
    tfjs: "4.22",
    symptom: "eight convolutions per timestep, each with a quarter of the filters, instead of two",
    test: "layers/fusedOperations.test.ts",
    place: "when the compiled kernels are loaded, which an engine may do without",
    how: "layers/fusedConvLstm.ts",
  },
  {
    what: "Node's util.isNullOrUndefined, for tfjs-node",
    tfjs: "4.22",
    symptom: "tfjs-node cannot be loaded on Node 23 and later",
    test: "backend/ladder.test.ts",
    place: "before tfjs-node is loaded, and only then",
    how: "backend/tensorflow.ts",
  },
  {
    what: "kernels and gradients that tfjs-node's own copy of tfjs registers again",
    tfjs: "4.22",
    symptom: "the patches of gradients and of the CPU backend are undone if TensorFlow is the backend",
    test: "tfjs/registrations.test.ts",
    place: "around the loading of tfjs-node",
    how: "tfjs/registrations.ts",
  },
  {
    what: "scale or center switched off in normalizations",
    tfjs: "4.22",
    symptom: "training, or any call, reads a weight that does not exist",
    test: "training/layerRemedies.test.ts",
    place: "when the layer is made, because it must be in place before the layer is built",
    how: "layers/plainNormalization.ts",
  },
  {
    what: "output shapes of reshape, and resizing within a model",
    tfjs: "4.22",
    symptom: "a model with either cannot be built if the batch size is open",
    test: "layerCases.ts",
    place: "when the layer is made, because models ask for shapes while they are assembled",
    how: "model/makeLayer.ts",
  },
  {
    what: "random numbers of dropout and noise, and the sign of what alphaDropout drops",
    tfjs: "4.22",
    symptom: "runs do not repeat, or every step drops the same units; alphaDropout shifts the mean",
    test: "tfjs/randomCalls.test.ts",
    place: "when the layer is made, before its first call and before other code wraps that call",
    how: "tfjs/patches/randomCalls.ts",
  },
  {
    what: "variance of Glorot, He and LeCun; fast orthogonal matrices",
    tfjs: "4.22",
    symptom: "initial weights have 77 % of their variance; large recurrent layers take seconds",
    test: "model/initializers.test.ts",
    place: "when the layer is made, before it is built and draws its weights",
    how: "model/seeding.ts",
  },
  {
    what: "penalties of recurrent cells and bidirectional layers",
    tfjs: "4.22",
    symptom: "their regularizers are ignored",
    test: "training/layerRemedies.test.ts",
    place: "in each step's loss, because tfjs's own sum does not include them",
    how: "training/regularizers.ts",
  },
  {
    what: "constraints after an update",
    tfjs: "4.22",
    symptom: "constraints are ignored in training",
    test: "training/layerRemedies.test.ts",
    place:
      "where a step assigns its weights: tfjs applies constraints where a weight is set, not where an optimizer sets it",
    how: "training/step.ts",
  },
];

let applied = false;

/** Registers the patches of the whole process. Later calls do nothing, because tfjs's registries are global. */
export function applyPatches(): void {
  if (applied) return;
  applied = true;
  for (const { how } of patches) if (typeof how === "function") how();
}
