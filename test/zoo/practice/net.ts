/** Defines an entry of practice. */

import type { JsonPath } from "../../../src/config/resolved.ts";
import { type FindingCode, findingCodes } from "../../../src/protocol/finding.ts";
import { type Cause, configOf, type Half, netName, type Truth, type ZooEntry } from "../entry.ts";
import type { Data } from "./files.ts";

interface Parts {
  readonly data: Data;
  readonly layers: readonly object[];
  readonly training?: object;
}

export interface NetSpec extends Parts {
  readonly name: string;
  readonly because: string;
  readonly steps?: number;
  /** Null: healthy. */
  readonly cause: Cause | null;
  /** The changes of the healed config. */
  readonly healed?: Partial<Parts>;
  /** Truth in addition to what follows from the cause. */
  readonly truth?: Truth;
  /** Codes that may be reported or not. */
  readonly unknown?: readonly FindingCode[];
  /**
   * False: the end of training does not distinguish a broken net from a healthy one, because almost nothing can be
   * learnt, or because a wrong net still makes progress.
   */
  readonly tellsByOutcome?: boolean;
  readonly half?: Half;
}

const usualSteps = 500;

/** Codes that can be the cause of others. If one is known to be the cause, the others are not. */
const causes: readonly FindingCode[] = [
  "data-scale",
  "output-mismatch",
  "symmetric-units",
  "padding",
  "post-norm-stack",
  "nothing-to-learn",
  "held-back",
  "vanishing-through-time",
];

function truthFrom(cause: Cause | null): Truth {
  if (!cause) return Object.fromEntries(findingCodes.map((code) => [code, false]));
  const [only, ...others] = cause.codes;
  return Object.fromEntries([
    ...causes.filter((code) => !cause.codes.includes(code)).map((code) => [code, false] as const),
    // Any of several will do; none of them has to be reported.
    ...(only !== undefined && others.length === 0 ? [[only, true] as const] : []),
  ]);
}

export function net(kind: string, spec: NetSpec): ZooEntry {
  const { name, because, steps = usualSteps, cause, healed, truth, unknown = [], tellsByOutcome = true, half } = spec;
  const config = ({ data, layers, training }: Parts): string =>
    configOf({ data: data.config, layers, training: training ?? {}, steps });
  return {
    name,
    kind,
    because,
    config: config(spec),
    files: { ...spec.data.files, ...(healed?.data ? prefixed(healed.data).files : {}) },
    steps,
    truth: Object.fromEntries(
      Object.entries({ ...truthFrom(cause), ...truth }).filter(([code]) => !unknown.some((u) => u === code)),
    ),
    cause,
    ...(healed
      ? { healed: config({ ...spec, ...healed, data: healed.data ? prefixed(healed.data) : spec.data }) }
      : {}),
    frozen: false,
    learns: tellsByOutcome ? "outcome" : null,
    ...(half ? { half } : {}),
  };
}

/** The healed config's files have separate names, because both configs use one folder. */
function prefixed({ config, files }: Data): Data {
  const text = Object.keys(files).reduce(
    (json, file) => json.replaceAll(JSON.stringify(file), JSON.stringify(`healed-${file}`)),
    JSON.stringify(config),
  );
  return {
    config: JSON.parse(text),
    files: Object.fromEntries(Object.entries(files).map(([file, make]) => [`healed-${file}`, make])),
  };
}

/** Place of a layer of the net. */
export const layer = (index: number, ...rest: readonly string[]): JsonPath => [
  "models",
  netName,
  "layers",
  index,
  ...rest,
];

export const atData: readonly JsonPath[] = [["data"]];
export const atRate: readonly JsonPath[] = [["training", "optimizer"]];
export const atTraining: readonly JsonPath[] = [["training"]];
/** Anywhere in the layers. */
export const atLayers: readonly JsonPath[] = [["models", netName, "layers"]];

export const adam = (learningRate: number): object => ({ optimizer: { type: "adam", learningRate } });
export const sgd = (learningRate: number): object => ({ optimizer: { type: "sgd", learningRate } });
export const momentum = (learningRate: number): object => ({
  optimizer: { type: "momentum", learningRate, momentum: 0.9 },
});

export const dense = (units: number, activation = "linear", more: object = {}): object => ({
  type: "dense",
  units,
  activation,
  ...more,
});
/** With Keras's defaults, which are in common use. */
export const lstm = (units: number, more: object = {}): object => ({
  type: "lstm",
  units,
  recurrentActivation: "sigmoid",
  unitForgetBias: true,
  ...more,
});
export const gru = (units: number, more: object = {}): object => ({
  type: "gru",
  units,
  recurrentActivation: "sigmoid",
  ...more,
});
export const rnn = (units: number, more: object = {}): object => ({ type: "simpleRNN", units, ...more });
