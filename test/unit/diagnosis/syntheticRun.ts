/** Histories of synthetic runs: the figures are given, so the correct findings are known. */

import { defaultRules } from "../../../src/config/resolveDiagnosis.ts";
import type {
  DiagnosisRules,
  JsonPath,
  JsonValue,
  LayerEntry,
  LossName,
  ResolvedModel,
  TrainingConfig,
} from "../../../src/config/resolved.ts";
import { reduceState } from "../../../src/diagnosis/throughTime.ts";
import type { Profile } from "../../../src/protocol/frame.ts";
import { createHistory } from "../../../src/protocol/history/store.ts";
import type { RunHistory } from "../../../src/protocol/history.ts";
import { type Column, type LayerInfo, type RunInfo, type StateName, stateNames } from "../../../src/protocol/run.ts";

export interface LayerSpec {
  readonly type: string;
  readonly args?: { readonly [key: string]: JsonValue };
  readonly states?: readonly StateName[];
  readonly timesteps?: number;
  readonly reversed?: boolean;
  readonly gates?: readonly string[];
  /** Names of the input layers (`layer_0`, …); by default the layer before. */
  readonly inputs?: readonly string[];
  /** Measured as the inner layer of a wrapper: its path ends in `layer`. */
  readonly inner?: boolean;
  /** Length of the output's last axis; by default the units. */
  readonly width?: number;
  readonly symmetry?: LayerInfo["symmetry"];
  /** Name of its only weight; by default `kernel`. */
  readonly weight?: string;
  /** The layers as the run has them, if the model differs from the one made up here. */
  readonly name?: string;
  readonly path?: JsonPath;
}

export interface StateSpec {
  readonly logNorm: Float64Array;
  readonly gain: Float64Array;
  readonly nonFinite?: Float64Array;
}

/** Measurements of one step; missing ones are healthy. */
export interface StepSpec {
  readonly loss?: number;
  readonly testLoss?: number;
  readonly stableRate?: number;
  /** Learning rate in force; by default the optimizer's. */
  readonly scheduled?: number;
  readonly norm?: number;
  /** Pre-clip norm of every layer's `kernel`. */
  readonly kernel?: number;
  readonly clippedKernel?: number;
  readonly kernelNonFinite?: number;
  /** ‖kernel‖, by layer; 1 by default. */
  readonly kernelNorm?: readonly number[];
  readonly activationNonFinite?: number;
  readonly nonFiniteFrom?: number;
  /** By layer; NaN by default. */
  readonly outputGradient?: readonly number[];
  readonly dead?: readonly number[];
  readonly saturated?: readonly number[];
  readonly updateRatio?: readonly number[];
  /**
   * For every recurrent layer: the shares of each gate's values below 0.1 and above 0.9, the same at every timestep.
   */
  readonly gates?: { readonly [gate: string]: readonly [low: number, high: number] };
  /** By layer, then state; a single value stands for the first recurrent layer. */
  readonly states?: readonly { readonly [S in StateName]?: StateSpec }[];
}

export interface RunSpec {
  readonly layers: readonly LayerSpec[];
  readonly kind?: "probe" | "train";
  readonly plannedSteps?: number | null;
  readonly fromLogits?: boolean;
  readonly baselineLoss?: number | null;
  readonly requiredLag?: number | null;
  readonly clip?: Partial<TrainingConfig["clip"]>;
  readonly learningRate?: number;
  readonly truncate?: number;
  readonly requiredLagSource?: RunInfo["requiredLagSource"];
  readonly data?: RunInfo["data"];
  readonly dataConfig?: ResolvedModel["data"];
  readonly loss?: LossName;
  readonly batchSize?: number;
  readonly rules?: Partial<DiagnosisRules>;
  /** The layers are those of a saved model. */
  readonly saved?: boolean;
}

const savedPlace = ["models", "net", "file"];

/** A chain with constant gain, ‖d_T‖ = 1. */
export function chain(timesteps: number, gain: number): StateSpec {
  return {
    logNorm: Float64Array.from({ length: timesteps }, (_, i) => (timesteps - 1 - i) * Math.log10(gain)),
    gain: new Float64Array(timesteps).fill(gain),
  };
}

/** A chain that reaches exactly `horizon` timesteps back with ε = 0.01, then falls off. */
export function reaching(timesteps: number, horizon: number): StateSpec {
  const gain = new Float64Array(timesteps).fill(1);
  if (horizon < timesteps - 1) gain[timesteps - 1 - horizon] = 1e-5;
  const logNorm = new Float64Array(timesteps);
  for (let i = timesteps - 2; i >= 0; i--) logNorm[i] = logNorm[i + 1]! + Math.log10(gain[i + 1]!);
  return { logNorm, gain };
}

const rules = defaultRules;

export interface SyntheticRun {
  readonly history: RunHistory;
  readonly model: ResolvedModel;
}

export function syntheticRun(spec: RunSpec, steps: readonly StepSpec[]): SyntheticRun {
  const clip = { value: null, norm: null, globalNorm: null, ...spec.clip };
  const entries = spec.layers.map((l, i): LayerEntry => {
    const path = ["models", "net", "layers", i];
    const inner = { type: l.type, ...l.args };
    return l.inner
      ? {
          type: "bidirectional",
          name: `layer_${i}`,
          inputs: l.inputs ?? [i === 0 ? "input" : `layer_${i - 1}`],
          args: { layer: inner },
          path,
        }
      : {
          type: l.type,
          name: `layer_${i}`,
          inputs: l.inputs ?? [i === 0 ? "input" : `layer_${i - 1}`],
          args: l.args ?? {},
          path,
        };
  });
  const model: ResolvedModel = {
    name: "net",
    path: ["models", "net"],
    base: null,
    layers: spec.saved ? [] : entries,
    inputs: spec.saved ? [] : ["input"],
    outputs: spec.saved ? [] : entries.slice(-1).map(({ name }) => name),
    weights: null,
    file: spec.saved ? { name: "net.keras", path: savedPlace } : null,
    data: spec.dataConfig ?? { kind: "task", task: "addingProblem", length: 100, samples: 10, seed: 1, test: null },
    dataPath: ["data"],
    training: {
      loss: spec.loss ?? "meanSquaredError",
      fromLogits: false,
      classWeight: null,
      metrics: [],
      optimizer: { type: "adam", learningRate: spec.learningRate ?? 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      schedule: { type: "constant", warmup: 0 },
      clip,
      weightClip: null,
      pruning: null,
      gradientNormRegularizer: null,
      batchSize: 32,
      accumulate: 1,
      truncate: spec.truncate ?? null,
      earlyStopping: null,
      checkpoint: null,
      length: { steps: 1000 },
      seed: 1,
    },
    trainingPath: ["training"],
    diagnosis: { requiredLag: null, rules: { ...rules, ...spec.rules } },
  };
  const layers = spec.layers.map((l, i): LayerInfo => {
    const states = l.states ?? (l.type === "dense" ? [] : ["h"]);
    return {
      name: l.name ?? (l.inner ? `layer_${i}/${l.reversed ? "backward" : "forward"}` : `layer_${i}`),
      type: l.type,
      path: l.path ?? (spec.saved ? savedPlace : [...entries[i]!.path, ...(l.inner ? ["layer"] : [])]),
      weights: [l.weight ?? "kernel"],
      activation: textOf(l, "activation", states.length > 0 ? "tanh" : l.type === "dense" ? "linear" : null),
      gateActivation: textOf(l, "recurrentActivation", l.type === "lstm" || l.type === "gru" ? "hardSigmoid" : null),
      width: l.width ?? (typeof l.args?.["units"] === "number" ? l.args["units"] : null),
      symmetry: l.symmetry ?? null,
      recurrent:
        states.length === 0
          ? null
          : {
              timesteps: l.timesteps ?? 100,
              units: 4,
              states,
              gates: l.gates ?? [],
              reversed: l.reversed ?? false,
              method: "taps",
              floor: -45,
            },
    };
  });
  const columns = columnsOf(layers);
  const info: RunInfo = {
    runId: "r",
    kind: spec.kind ?? "train",
    config: "gradlens.json",
    model: "net",
    modelPath: model.path,
    layers,
    columns,
    plannedSteps: spec.plannedSteps === undefined ? 100 : spec.plannedSteps,
    batchSize: spec.batchSize ?? 32,
    parameters: 10,
    backend: { name: "cpu", label: "CPU", rejected: [] },
    dataWarnings: [],
    fromLogits: spec.fromLogits ?? false,
    baselineLoss: spec.baselineLoss === undefined ? 0.167 : spec.baselineLoss,
    requiredLag: spec.requiredLag === undefined ? 99 : spec.requiredLag,
    requiredLagSource: spec.requiredLagSource === undefined ? "task" : spec.requiredLagSource,
    data: spec.data ?? null,
    diagnosis: model.diagnosis,
    clip,
    trainingPath: model.trainingPath,
  };
  const history = createHistory(info);
  steps.forEach((step, i) => {
    const profiles = layers.flatMap((_, l) => profilesOf(step, l, layers[l]?.recurrent?.timesteps ?? 0));
    const rows = Float64Array.from(columns, (c) => scalarOf(step, c, clip.globalNorm, spec.learningRate ?? 0.001));
    history.append({ runId: "r", seq: i + 1, steps: Float64Array.of(i + 1), rows, profiles });
  });
  return { history, model };
}

function textOf({ args }: LayerSpec, key: string, usual: string | null): string | null {
  const value = args?.[key];
  return typeof value === "string" ? value : usual;
}

function columnsOf(layers: readonly LayerInfo[]): readonly Column[] {
  const columns: Column[] = [
    { quantity: "loss", layer: null, name: null },
    { quantity: "testLoss", layer: null, name: null },
    { quantity: "gradientNorm", layer: null, name: null },
    { quantity: "learningRate", layer: null, name: null },
    { quantity: "stableRate", layer: null, name: null },
  ];
  layers.forEach((l, layer) => {
    const [name = "kernel"] = l.weights;
    for (const quantity of ["weightGradientNorm", "weightClippedGradientNorm", "weightNonFinite"] as const)
      columns.push({ quantity, layer, name });
    for (const quantity of ["weightUpdateRatio", "weightNorm"] as const) columns.push({ quantity, layer, name });
    for (const quantity of [
      "activationNonFinite",
      "stateNonFiniteFrom",
      "outputGradientNorm",
      "activationDead",
      "activationSaturated",
    ] as const)
      columns.push({ quantity, layer, name: null });
    for (const name of l.recurrent?.states ?? [])
      for (const quantity of ["horizon", "survival", "attenuation", "meanGain", "stateNonFinite"] as const)
        columns.push({ quantity, layer, name });
  });
  return columns;
}

function scalarOf(step: StepSpec, column: Column, limit: number | null, learningRate: number): number {
  const kernel = step.kernel ?? 0.1;
  switch (column.quantity) {
    case "loss":
      return step.loss ?? 0.167;
    case "testLoss":
      return step.testLoss ?? Number.NaN;
    case "learningRate":
      return step.scheduled ?? learningRate;
    case "stableRate":
      return step.stableRate ?? Number.NaN;
    case "gradientNorm":
      return step.norm ?? kernel;
    case "weightGradientNorm":
      return kernel;
    case "weightClippedGradientNorm":
      return step.clippedKernel ?? (limit === null ? kernel : Math.min(limit, kernel));
    case "weightNonFinite":
      return step.kernelNonFinite ?? 0;
    case "activationNonFinite":
      return step.activationNonFinite ?? 0;
    case "stateNonFiniteFrom":
      return step.nonFiniteFrom ?? 0;
    case "outputGradientNorm":
      return step.outputGradient?.[column.layer ?? 0] ?? Number.NaN;
    case "activationDead":
      return step.dead?.[column.layer ?? 0] ?? Number.NaN;
    case "activationSaturated":
      return step.saturated?.[column.layer ?? 0] ?? Number.NaN;
    case "weightNorm":
      return step.kernelNorm?.[column.layer ?? 0] ?? 1;
    case "weightUpdateRatio":
      return step.updateRatio?.[column.layer ?? 0] ?? Number.NaN;
    default: {
      const state = step.states?.[column.layer ?? 0]?.[stateNames.find((name) => name === column.name) ?? "h"];
      if (column.quantity === "stateNonFinite") return state?.nonFinite?.reduce((a, b) => a + b, 0) ?? 0;
      if (!state) return Number.NaN;
      const reduced = reduceState(state.logNorm, state.gain, rules["vanishing-through-time"].epsilon);
      return reduced[column.quantity as keyof typeof reduced];
    }
  }
}

function profilesOf(step: StepSpec, layer: number, timesteps: number): Profile[] {
  const states = step.states?.[layer] ?? {};
  const gates = Object.entries(timesteps > 0 ? (step.gates ?? {}) : {}).flatMap(([gate, shares]): Profile[] =>
    (["low", "high"] as const).map((end, k) => {
      const values = new Float64Array(timesteps).fill(shares[k] ?? 0);
      return { layer, channel: `gate.${gate}.${end}`, values, max: values };
    }),
  );
  const ofStates = stateNames.flatMap((name): Profile[] => {
    const state = states[name];
    if (!state) return [];
    const nonFinite = state.nonFinite ?? new Float64Array(state.logNorm.length);
    return [
      { layer, channel: `${name}.logNorm`, values: state.logNorm, max: state.logNorm },
      { layer, channel: `${name}.gain`, values: state.gain, max: state.gain },
      { layer, channel: `${name}.nonFinite`, values: nonFinite, max: nonFinite },
    ];
  });
  return [...ofStates, ...gates];
}

/** `count` steps, each made from its index. */
export function times(count: number, make: (i: number) => StepSpec): StepSpec[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
