/** Documents about runs and the machine: exported reports and the doctor's. */

import { count } from "../numberText.ts";

export const documents = {
  started: ({ isProbe, at }: { isProbe: boolean; at: string }) => `${isProbe ? "Probe" : "Training"}, started ${at}`,
  steps: (n: number) => count(n, "step"),
  sizes: ({ batch, parameters }: { batch: number; parameters: number }) =>
    `batch size ${batch}, ${count(parameters, "parameter")}`,
  computedBy: (backend: string) => `computed by ${backend}`,
  nothingMeasured: "nothing was measured",
  sentence: (text: string) => `${text}.`,
  config: "Config",
  loss: "Loss",
  lossPicture: (steps: number) => `Loss over ${steps} steps`,
  baseline: "baseline",
  step: (step: string) => `step ${step}`,
  layers: "Layers",
  layerHeads: ["layer", "type", "gradient reaches", "gain"],
  reaches: ({ horizon, required }: { horizon: number; required: number }) => `${horizon} of ${required} timesteps`,
  perTimestep: (gain: string) => `${gain} per timestep`,
  gradientPicture: (layer: string) => `State gradient of ${layer} over the timesteps, last timestep left`,
  findings: "Findings",
  nothingFound: "Nothing found.",
  severities: { error: "error", warning: "warning", information: "information" },
  named: ({ name, text }: { name: string; text: string }) => `${name}: ${text}`,
  fixes: "Fixes:",
  verifiedFixes: "Verified fixes",
  verifiedRuns: ({ seeds, steps, loss }: { seeds: number; steps: number; loss: string }) =>
    `${count(seeds, "seed")}, ${steps} steps each; the present model's loss is ${loss}.`,
  fixHeads: ["fix", "verdict", "measured", "reason"],

  doctor: "Gradient Lens: doctor",
  workspace: "Workspace",
  trusted: "trusted",
  restricted: "Restricted Mode, nothing runs",
  web: "web",
  desktop: "desktop",
  remote: (name: string) => `remote: ${name}`,
  engine: "Engine",
  backend: "Backend",
  notBackend: ({ name, reason }: { name: string; reason: string }) => `not ${name}: ${reason}`,
  noAnswer: (reason: string) => `**does not answer.** ${reason}`,
  lastErrors: "Last errors",

  noKernels: (reason: string) => `none, ${reason}; tfjs's own loops run recurrent layers`,
  wasmWith: (variant: string) => `WASM with ${variant}`,
  threads: (n: number) => (n === 1 ? "1" : `up to ${n}, for the kernels`),
  unknown: "unknown",
  memory: ({ free, all }: { free: string; all: string }) => `${free} of ${all} free`,
  facts: {
    tensorflow: "tensorflow",
    processors: "processors",
    kernels: "kernels",
    threads: "threads",
    memory: "memory",
  },
  tensorflowHint: (nativePackage: string) =>
    `${nativePackage} downloads TensorFlow while it installs. If that fails, it can be built against a Python's TensorFlow; docs/backends.md of Gradient Lens says how. Without it, the next backend computes the same.`,
};
