/** Every place where tfjs is completed or corrected, in the order in which it happens. */

import { registerAbsGradient } from "./absGradient.ts";
import { appliedPatches } from "./appliedPatches.ts";
import { registerClipGradient } from "./clipByValueGradient.ts";
import { registerConvolutionCalls } from "./convolutionCalls.ts";
import { registerConvolutionGradients } from "./convolutionGradients.ts";
import { registerDenseCalls } from "./denseCalls.ts";
import { registerExtremeGradients } from "./extremeGradients.ts";
import { registerLeadingSums } from "./leadingSums.ts";
import { registerMissingGradients } from "./missingGradients.ts";
import { registerCpuFallbacks } from "./missingKernels.ts";
import { registerNanKernels } from "./nanKernels.ts";
import type { Patch } from "./patch.ts";
import { registerPooling } from "./pooling.ts";
import { registerReductionGradients } from "./reductionGradients.ts";
import { registerSegmentSum } from "./segmentSum.ts";
import { registerSharedClones } from "./sharedClones.ts";
import { registerSlices } from "./slices.ts";
import { registerColumns } from "./splitAndJoin.ts";
import { registerStops } from "./stops.ts";
import { registerTileGradient } from "./tileGradient.ts";
import { registerUpsamplingGradient } from "./upsamplingGradient.ts";

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
    what: "call of dense",
    tfjs: "4.22",
    symptom: "a bias takes an operation of its own; the first layer computes a gradient of the data",
    test: "backend/denseCalls.test.ts",
    place: "before the first layer is called, because other code wraps a layer's call",
    how: registerDenseCalls,
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
  ...appliedPatches,
];

let applied = false;

/** Registers the patches of the whole process. Later calls do nothing, because tfjs's registries are global. */
export function applyPatches(): void {
  if (applied) return;
  applied = true;
  for (const { how } of patches) if (typeof how === "function") how();
}
