import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyToText } from "../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { swapFix } from "../../../src/diagnosis/fixes/layerFixes.ts";
import { classWeightFix, lowerRateFix, rateFix } from "../../../src/diagnosis/fixes/trainingFixes.ts";
import { budget, sampled } from "../../budget.ts";
import { chain, type LayerSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

type Args = { readonly [key: string]: JsonValue };

function configText(layer: LayerSpec, training: Args): string {
  const inner = { type: layer.type, ...layer.args };
  const entry = layer.inner ? { type: "bidirectional", layer: inner } : inner;
  const config = {
    data: { task: "addingProblem", length: 100 },
    training,
    models: { net: { layers: [entry, { type: "dense", units: 1 }] } },
  };
  return `// A comment to keep.\n${JSON.stringify(config, null, 2)}\n`;
}

const vanishing = times(100, () => ({ states: [{ h: chain(100, 0.3), c: chain(100, 0.3) }] }));
const exploding = times(30, (i) => ({
  kernel: i === 20 ? 90 : 0.1,
  states: [{ h: chain(100, 1.5), c: chain(100, 1.5) }],
}));
const broken = [...exploding, { loss: Number.NaN, activationNonFinite: 3 }];

const cells: readonly LayerSpec[] = [
  { type: "simpleRNN", args: { units: 8 } },
  {
    type: "simpleRNN",
    args: { units: 8, activation: "sigmoid", recurrentInitializer: { type: "randomNormal", stddev: 0.1 } },
  },
  {
    type: "simpleRNN",
    args: { units: 8, activation: "relu", recurrentInitializer: "identity", kernelInitializer: "ones" },
  },
  { type: "simpleRNN", args: { units: 8, recurrentInitializer: { type: "orthogonal", gain: 2 } }, inner: true },
  { type: "gru", args: { units: 8, recurrentInitializer: "glorotNormal" } },
  { type: "lstm", args: { units: 8, unitForgetBias: false, activation: "sigmoid" }, states: ["h", "c"] },
];
const trainings: readonly Args[] = [{}, { clip: { value: 3 }, optimizer: { type: "sgd", learningRate: 0.1 } }];

describe("every fix", () => {
  const steps: readonly [string, readonly StepSpec[]][] = [
    ["vanishing", vanishing],
    ["exploding", exploding],
    ["non-finite", broken],
  ];
  it.each(sampled(steps, 3, 0, 1))(
    "of a net that is %s is an edit after which the config is sound and different",
    (_, run) => {
      let tried = 0;
      for (const layer of cells)
        for (const training of trainings) {
          const text = configText(layer, training);
          expect(parseConfig(text).problems).toEqual([]);
          const { history, model } = syntheticRun({ layers: [layer] }, run);
          for (const finding of diagnose(history, model))
            for (const fix of finding.fixes) {
              const edited = applyToText(text, fix.edits);
              expect(parseConfig(edited).problems, `${fix.title}\n${edited}`).toEqual([]);
              expect(edited).toContain("// A comment to keep.");
              expect(JSON.stringify(parseConfig(edited).config), fix.title).not.toBe(
                JSON.stringify(parseConfig(text).config),
              );
              tried++;
            }
        }
      expect(tried).toBeGreaterThan(20);
    },
  );
});

describe("swapping a layer's kind", () => {
  const kinds = {
    lstm: { unitForgetBias: true, peepholes: true, peepholeInitializer: "zeros", peepholeConstraint: "maxNorm" },
    gru: { resetAfter: true, recurrentActivation: "hardSigmoid" },
    simpleRNN: { activation: "relu", recurrentInitializer: { type: "orthogonal", gain: 2 }, useBias: false },
  };
  const common = { units: 8, kernelRegularizer: { type: "l2", l2: 0.1 }, dropout: 0.1, returnSequences: true };
  it.each([
    ["simpleRNN", "lstm"],
    ["simpleRNN", "gru"],
    ["gru", "lstm"],
    ["lstm", "gru"],
  ] as const)("from %s to %s removes arguments that the new type lacks, and nothing else", (from, to) => {
    const args = { ...common, ...kinds[from] };
    for (const inner of [false, true]) {
      const text = configText({ type: from, args, inner }, {});
      const entry = ["models", "net", "layers", 0, ...(inner ? ["layer"] : [])];
      const fix = swapFix({ type: from, path: entry, args }, to, 50);
      const edited = applyToText(text, fix?.edits ?? []);
      expect(parseConfig(edited).problems).toEqual([]);
      const { args: outer, type } = parseConfig(edited).config!.models[0]!.layers[0]!;
      expect(inner ? outer["layer"] : { type, ...outer }).toEqual({
        type: to,
        ...common,
        recurrentActivation: "sigmoid",
        biasInitializer: { type: "chrono", maxLag: 51 },
      });
    }
  });
});

it("keeps an inherited optimizer's arguments when the learning rate is changed in a section of its own", () => {
  const text = `{
  "data": { "task": "addingProblem" },
  "training": { "optimizer": { "type": "momentum", "learningRate": 0.02, "momentum": 0.5 } },
  "models": {
    "a": { "layers": [{ "type": "dense", "units": 1 }] },
    "b": { "extends": "a", "training": { "batchSize": 8 } }
  }
}`;
  const b = parseConfig(text).config!.models[1]!;
  const edited = applyToText(text, rateFix(b, 0.1)!.edits);
  const [a, heir] = parseConfig(edited).config!.models.map((m) => m.training.optimizer);
  expect(a).toEqual(b.training.optimizer);
  expect(heir).toEqual({ ...b.training.optimizer, learningRate: 0.002 });
  const wild = text.replace("0.02", "1");
  const tamed = applyToText(wild, lowerRateFix(parseConfig(wild).config!.models[1]!)!.edits);
  expect(parseConfig(tamed).config!.models[1]!.training.optimizer).toEqual({
    ...b.training.optimizer,
    learningRate: 0.01,
  });
  // If it is written, the rest stays as it is.
  expect(applyToText(text, rateFix(parseConfig(text).config!.models[0]!, 0.1)!.edits)).toBe(
    text.replace("0.02,", "0.002,"),
  );
});

/** Everything that can be wrong with a net, at once. */
const sick = times(60, (i) => ({
  kernel: i === 30 ? 90 : 0.1,
  loss: i <= 30 ? 1 : 50,
  outputGradient: [1e-9, 1e-6, 1e-3, 1],
  dead: [0.9, 0.9, 0.9, 0.9],
  saturated: [0.9, 0.9, 0.9, 0.9],
  updateRatio: [0.9, 1e-9, 1e-3, 1e-3],
  gates: { input: [0.9, 0], forget: [0.9, 0], output: [0.4, 0.4], update: [0.9, 0], reset: [0.9, 0] },
  states: Array.from({ length: 4 }, () => ({ h: chain(100, 0.3), c: chain(100, 0.3) })),
}));
const grown = sick.map((step) => ({ ...step, loss: 1, outputGradient: [1e9, 1e6, 1e3, 1] }));

const initializer = fc.constantFrom<JsonValue>(
  "ones",
  "glorotUniform",
  { type: "randomNormal", stddev: 3 },
  { type: "constant", value: -2 },
);
const activation = fc.constantFrom("relu", "sigmoid", "tanh", "relu6", "linear");
const weights = { activation, kernelInitializer: initializer, biasInitializer: initializer };
const units = fc.integer({ min: 2, max: 9 });
const one = fc.oneof(
  fc.record({ type: fc.constant("dense"), units, ...weights }, { requiredKeys: ["type", "units"] }),
  fc.record(
    { type: fc.constantFrom("simpleRNN", "gru", "lstm"), units, ...weights, returnSequences: fc.boolean() },
    { requiredKeys: ["type", "units"] },
  ),
  fc.constantFrom({ type: "reLU", maxValue: 3 }, { type: "batchNormalization" }, { type: "dropout", rate: 0.5 }),
);
const training = fc.record(
  {
    clip: fc.constantFrom({ value: 3 }, { norm: 2 }, { globalNorm: 50 }),
    optimizer: fc.constantFrom({ type: "sgd", learningRate: 0.1 }, { type: "adam", learningRate: 0.02 }),
  },
  { requiredKeys: [] },
);

describe("weighing a rare class", () => {
  const { model } = syntheticRun({ layers: [{ type: "dense" }] }, []);
  const binary = { ...model, training: { ...model.training, loss: "binaryCrossentropy" as const } };

  it("is offered if one of two classes has less than a tenth of the samples", () => {
    expect(classWeightFix(binary, 0.03)?.edits).toEqual([{ path: ["training", "classWeight"], value: "balanced" }]);
    expect(classWeightFix(binary, 0.97)).toBeDefined();
  });

  it("is not offered for even classes, one class, other losses, or existing weights", () => {
    for (const share of [0.1, 0.5, 0, 1, Number.NaN]) expect(classWeightFix(binary, share)).toBeUndefined();
    expect(classWeightFix(model, 0.03)).toBeUndefined();
    const weighed = { ...binary.training, classWeight: { weights: "balanced" as const, path: [] } };
    expect(classWeightFix({ ...binary, training: weighed }, 0.03)).toBeUndefined();
  });
});

describe("every fix of every finding", () => {
  it("is an edit after which a random config is sound, different, and has its comments (property)", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(one, { minLength: 4, maxLength: 4 }), training, (layers, section) => {
        const entries = layers
          .map((layer) => `        ${JSON.stringify(layer)} // keep me`)
          .join(",\n")
          .replaceAll(" // keep me,", ", // keep me");
        const text = `{ // one
  "data": { "task": "addingProblem", "length": 100 }, /* two */
  "training": ${JSON.stringify(section)},
  "models": {
    "net": {
      "layers": [ // three
${entries}
      ]
    }
  }
}
`;
        fc.pre(parseConfig(text).problems.length === 0);
        const specs = layers.map(({ type, ...args }): LayerSpec => {
          const gated = type === "lstm" ? ["input", "forget", "output"] : type === "gru" ? ["update", "reset"] : [];
          const states: LayerSpec["states"] =
            type === "lstm" ? ["h", "c"] : type === "gru" || type === "simpleRNN" ? ["h"] : [];
          return { type, args, states, gates: gated };
        });
        for (const run of [sick, grown]) {
          const { history, model } = syntheticRun({ layers: specs }, run);
          for (const finding of diagnose(history, model))
            for (const fix of finding.fixes) {
              seen.add(finding.code);
              const edited = applyToText(text, fix.edits);
              expect(parseConfig(edited).problems, `${fix.title}\n${edited}`).toEqual([]);
              expect(edited.match(/\/[/*] \w+/g)).toEqual(text.match(/\/[/*] \w+/g));
              expect(edited, fix.title).not.toBe(text);
            }
        }
      }),
      { numRuns: budget(1, 30, 3), seed: 7 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        "vanishing-through-depth",
        "exploding-through-depth",
        "dead-units",
        "saturated-units",
        "saturated-gates",
        "exploding-gradient",
        "vanishing-through-time",
        "loss-diverging",
      ]),
    );
  });
});
