import { describe, expect, it } from "vitest";
import { applyToText } from "../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { ResolvedModel } from "../../../src/config/resolved.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { recordedRun } from "../../../src/engine/training/recordedRun.ts";
import type { Finding } from "../../../src/protocol/finding.ts";
import { sampled } from "../../budget.ts";

interface Net {
  readonly layers?: readonly object[];
  readonly training?: object;
  readonly data?: object;
}

const dense = (more: object = {}): object => ({ type: "dense", units: 12, activation: "tanh", ...more });
const last = (more: object = {}): object => ({ type: "dense", units: 1, ...more });

/** The last of two numbers, which a dense net learns within a hundred steps. */
function textOf({ layers = [{ type: "flatten" }, dense(), last()], training = {}, data = {} }: Net): string {
  return JSON.stringify({
    data: { task: "addingProblem", length: 2, samples: 512, ...data },
    training: {
      steps: 300,
      batchSize: 64,
      optimizer: { type: "adam", learningRate: 0.01 },
      seed: 3,
      ...training,
    },
    models: { net: { layers } },
  });
}

function modelOf(text: string): ResolvedModel {
  const { config, problems } = parseConfig(text);
  if (!config?.models[0]) throw new Error(problems.map(({ message }) => message).join());
  return config.models[0];
}

async function findingsOf(text: string): Promise<readonly Finding[]> {
  const model = modelOf(text);
  const { end, history } = await recordedRun(
    { runId: "r", kind: "train", model, configPath: "/gradlens.json", steps: null, budget: null },
    { need: false },
  );
  if (!history) throw new Error(JSON.stringify(end));
  return diagnose(history, model);
}

const warned = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ severity }) => severity !== "information").map(({ code }) => code);

const sgd = (clip: object | undefined) => ({ optimizer: { type: "sgd", learningRate: 0.1 }, ...(clip && { clip }) });
const l2 = (factor: number) => ({ kernelRegularizer: { type: "l2", l2: factor } });
const l1 = (factor: number) => ({ kernelRegularizer: { type: "l1", l1: factor } });
const maxNorm = (maxValue: number) => ({ kernelConstraint: { type: "maxNorm", maxValue } });
const dropping = (rate: number) => [
  { type: "flatten" },
  { type: "dropout", rate },
  dense(),
  { type: "dropout", rate },
  last(),
];

const broken: readonly [string, Net, readonly (string | number)[], RegExp][] = [
  [
    "a limit of the global norm",
    { training: sgd({ globalNorm: 1e-5 }) },
    ["training", "clip", "globalNorm"],
    /^100 % of the steps are clipped.*"globalNorm" is 1/,
  ],
  [
    "a limit of each entry",
    { training: sgd({ value: 1e-6 }) },
    ["training", "clip", "value"],
    /of the steps are clipped/,
  ],
  [
    "l2",
    { layers: [{ type: "flatten" }, dense(l2(10)), last(l2(10))] },
    ["models", "net", "layers", 1, "kernelRegularizer"],
    /^the penalty on the weights starts at/,
  ],
  [
    "l1",
    { layers: [{ type: "flatten" }, dense(l1(1)), last(l1(1))] },
    ["models", "net", "layers", 1, "kernelRegularizer"],
    /times the loss of the data$/,
  ],
  [
    "dropout",
    { layers: dropping(0.95) },
    ["models", "net", "layers", 1, "rate"],
    /^dropout removes 95 % of the values that pass/,
  ],
  [
    "a schedule that ends after some thirty steps",
    {
      training: {
        optimizer: { type: "adam", learningRate: 0.003 },
        schedule: { type: "exponential", every: 2, factor: 0.5 },
      },
    },
    ["training", "schedule"],
    /^the schedule ends the learning rate at step 2\d: it is/,
  ],
  [
    "an epsilon above the gradients",
    { training: { optimizer: { type: "adam", learningRate: 0.003, epsilon: 100 } } },
    ["training", "optimizer", "epsilon"],
    /^epsilon of adam is 100/,
  ],
  [
    "a warm-up that outlasts the run",
    {
      training: { optimizer: { type: "adam", learningRate: 0.01 }, schedule: { type: "constant", warmup: 1_000_000 } },
    },
    ["training", "schedule", "warmup"],
    /^the warm-up takes 1000000 steps, but the run has only 300$/,
  ],
  [
    "batch normalization of single samples",
    {
      layers: [{ type: "flatten" }, dense(), { type: "batchNormalization" }, last()],
      training: { batchSize: 1 },
    },
    ["training", "batchSize"],
    /^batch_normalization normalizes batches of one sample/,
  ],
  [
    "momentum that outlasts the run",
    { training: { optimizer: { type: "momentum", learningRate: 0.05, momentum: 0.999 } } },
    ["training", "optimizer", "momentum"],
    /^momentum 0.999 adds up 1.?000 gradients/,
  ],
  [
    "a limit on the norms of weights",
    { layers: [{ type: "flatten" }, dense(maxNorm(0.01)), last(maxNorm(0.01))] },
    ["models", "net", "layers", 1, "kernelConstraint", "maxValue"],
    /^kernelConstraint of dense allows its weights a norm of 0.01 at most$/,
  ],
  [
    "a second rescaling of bytes",
    {
      layers: [{ type: "rescaling", scale: 1 / 255 }, { type: "flatten" }, dense(), last()],
      training: { optimizer: { type: "sgd", learningRate: 0.1 } },
    },
    ["models", "net", "layers", 0, "scale"],
    /^rescaling shrinks inputs that are between .+ and .+ already$/,
  ],
  [
    "a limit on all weights",
    { training: { weightClip: { value: 1e-4 } } },
    ["training", "weightClip", "value"],
    /^weightClip 0.0001 leaves .* of the weights$|^weightClip 1e−4 leaves .* of the weights$/,
  ],
  [
    "pruning of nearly all weights",
    { training: { pruning: { sparsity: 0.99, end: 20, every: 1 } } },
    ["training", "pruning", "sparsity"],
    /^pruning removes 99 % of the weights$/,
  ],
  [
    "a sum of squares that Adagrad begins with",
    { training: { optimizer: { type: "adagrad", learningRate: 0.1, initialAccumulator: 1e8 } } },
    ["training", "optimizer", "initialAccumulator"],
    /^Adagrad begins with a sum of squares of 1e8/,
  ],
  [
    "noise that hides the inputs",
    { layers: [{ type: "flatten" }, { type: "gaussianNoise", stddev: 50 }, dense(), last()] },
    ["models", "net", "layers", 1, "stddev"],
    /^the noise of gaussian_noise is \d+ times as large as what it is added to$/,
  ],
];

describe("held-back", () => {
  it.each(sampled(broken, 24, 0, 4))(
    "%s: is the only reported cause, with its figures, and its first fix helps",
    async (_, net, place, message) => {
      const text = textOf(net);
      const findings = await findingsOf(text);
      expect(warned(findings)).toEqual(["held-back"]);
      const [finding] = findings;
      expect(finding?.place).toEqual(place);
      expect(finding?.message).toMatch(message);
      for (const value of Object.values(finding?.evidence ?? {})) expect(Number.isFinite(value)).toBe(true);
      expect(finding?.fixes.length).toBeGreaterThan(0);
      for (const fix of finding?.fixes ?? []) {
        const edited = applyToText(text, fix.edits);
        expect(parseConfig(edited).problems, fix.title).toEqual([]);
      }
      expect(warned(await findingsOf(applyToText(text, finding!.fixes[0]!.edits)))).toEqual([]);
    },
  );

  const sound: readonly [string, Net][] = [
    ["a limit that only spikes meet", { training: sgd({ globalNorm: 1 }) }],
    ["a limit under Adam, which divides by the gradient's size", { training: { clip: { globalNorm: 0.001 } } }],
    ["a usual penalty", { layers: [{ type: "flatten" }, dense(l2(1e-4)), last(l2(1e-4))] }],
    ["a schedule that ends with the run", { training: { schedule: { type: "exponential", every: 50, factor: 0.5 } } }],
    ["a warm-up", { training: { schedule: { type: "cosine", warmup: 100 } } }],
    ["a usual dropout", { layers: dropping(0.2) }],
    [
      "a heavy dropout that the net learns with",
      { layers: [{ type: "flatten" }, dense({ units: 64 }), { type: "dropout", rate: 0.95 }, last()] },
    ],
  ];
  it.each(sampled(sound, 7, 5))("is silent about %s", { tags: "thorough" }, async (_, net) => {
    expect((await findingsOf(textOf(net))).map(({ code }) => code)).not.toContain("held-back");
  });

  it("is silent about a rate that is too small by itself", { tags: "thorough" }, async () => {
    const training = { optimizer: { type: "sgd", learningRate: 1e-7 }, clip: { globalNorm: 0.05 } };
    const findings = await findingsOf(textOf({ training }));
    expect(warned(findings)).toEqual(["update-ratio"]);
  });
});
