import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ParsedConfig, parseConfig } from "../../../src/config/parse.ts";
import type { Problem } from "../../../src/config/problem.ts";
import type { ResolvedModel } from "../../../src/config/resolved.ts";
import { budget } from "../../budget.ts";
import { broken, sound } from "./corpus.ts";

const dense = '{ "type": "dense", "units": 1 }';

/** The characters at which a problem is shown. */
function shown(text: string, parsed: ParsedConfig, problem: Problem): string {
  const { offset, length } =
    problem.offset === undefined || problem.length === undefined
      ? parsed.rangeOf(problem.path, problem.on)
      : { offset: problem.offset, length: problem.length };
  return text.slice(offset, offset + length);
}

function models(text: string): readonly ResolvedModel[] {
  const { config, problems } = parseConfig(text);
  expect(problems).toEqual([]);
  return config?.models ?? [];
}

describe("parseConfig", () => {
  it("finds no problems in valid configs", () => {
    for (const text of sound)
      expect(
        parseConfig(text).problems.map((p) => p.message),
        text,
      ).toEqual([]);
  });

  it("reports one problem per mistake, at the wrong text", () => {
    for (const [text, place] of broken) {
      const parsed = parseConfig(text);
      expect(
        parsed.problems.map((p) => shown(text, parsed, p)),
        text,
      ).toEqual([place]);
    }
  });

  it("says what is expected, in words", () => {
    for (const [text] of broken)
      for (const { message } of parseConfig(text).problems)
        expect(message, text).not.toMatch(/invalid|undefined|\[object|zod|received/i);
    const message = (text: string) => parseConfig(text).problems[0]?.message;
    expect(message(broken[2]![0])).toBe('units must be a whole number from 1 to 8192, not "abc".');
    expect(message(broken[0]![0])).toBe('"lsmt" is not a layer. Did you mean "lstm"?');
    expect(message(broken[7]![0])).toBe('lstm has no "unit". Did you mean "units"?');
  });

  it("warns about chrono biases from which hardSigmoid gates cannot recover", () => {
    const lstm = (maxLag: number, gates?: string) => ({
      type: "lstm",
      units: 3,
      biasInitializer: { type: "chrono", maxLag },
      ...(gates ? { recurrentActivation: gates } : {}),
    });
    const parse = (layer: object) =>
      parseConfig(
        JSON.stringify({
          data: { task: "copyMemory" },
          models: { a: { layers: [layer, { type: "dense", units: 9 }] } },
        }),
      );
    const { config, problems } = parse({ type: "bidirectional", layer: lstm(99) });
    expect(problems).toMatchObject([
      { severity: "warning", path: ["models", "a", "layers", 0, "layer", "biasInitializer"] },
    ]);
    expect(config?.models).toHaveLength(1);
    expect(parse(lstm(99, "hardSigmoid")).problems).toHaveLength(1);
    for (const layer of [lstm(13), lstm(99, "sigmoid"), { ...lstm(99), type: "gru" }])
      expect(parse(layer).problems).toEqual([]);
  });

  it("says where an initializer for one kind of weight belongs", () => {
    const chrono = `{ "type": "chrono", "maxLag": 99 }`;
    const text = (layer: string) =>
      `{ "data": { "task": "copyMemory" }, "models": { "a": { "layers": [${layer}, ${dense}] } } }`;
    const problems = (layer: string) => parseConfig(text(layer)).problems.map((p) => p.message);
    expect(problems(`{ "type": "gru", "units": 3, "biasInitializer": ${chrono} }`)).toEqual([]);
    for (const layer of [
      `{ "type": "gru", "units": 3, "recurrentInitializer": ${chrono} }`,
      `{ "type": "simpleRNN", "units": 3, "biasInitializer": ${chrono} }`,
    ])
      expect(problems(layer)).toEqual([
        '"chrono" is not an initializer. It is for the "biasInitializer" of lstm and gru.',
      ]);
  });

  describe("refuses arguments that do not go together, also inside other layers", () => {
    const chrono = { type: "chrono", maxLag: 9 };
    it.each<readonly [string, object, readonly (string | number)[], string]>([
      [
        "peephole weights",
        { type: "lstm", units: 3, peepholeInitializer: "zeros" },
        ["peepholeInitializer"],
        "peepholes",
      ],
      [
        "peephole weights of a cell",
        { type: "rnn", cell: [{ type: "lstmCell", units: 3, peepholeInitializer: "zeros" }] },
        ["cell", 0, "peepholeInitializer"],
        "peepholes",
      ],
      [
        "chrono and a forget bias of one",
        { type: "lstm", units: 3, unitForgetBias: true, biasInitializer: chrono },
        ["biasInitializer"],
        "unitForgetBias",
      ],
      [
        "the same in both directions",
        { type: "bidirectional", layer: { type: "lstm", units: 3, unitForgetBias: true, biasInitializer: chrono } },
        ["layer", "biasInitializer"],
        "unitForgetBias",
      ],
      [
        "cells in both directions",
        { type: "bidirectional", layer: { type: "rnn", cell: { type: "gruCell", units: 3 } } },
        ["layer", "type"],
        "both ways",
      ],
    ])("%s", (_, layer, place, words) => {
      const text = JSON.stringify({
        data: { task: "copyMemory" },
        models: { a: { layers: [layer, JSON.parse(dense)] } },
      });
      const [problem, ...others] = parseConfig(text).problems;
      expect(problem).toMatchObject({ severity: "error", path: ["models", "a", "layers", 0, ...place] });
      expect(problem?.message).toContain(words);
      expect(others).toEqual([]);
    });
  });

  it("fills in every default", () => {
    const [model] = models(`{ "data": { "task": "copyMemory" }, "models": { "a": { "layers": [${dense}] } } }`);
    expect(model).toEqual({
      name: "a",
      path: ["models", "a"],
      base: null,
      layers: [
        { type: "dense", name: "dense", inputs: ["input"], args: { units: 1 }, path: ["models", "a", "layers", 0] },
      ],
      inputs: ["input"],
      outputs: ["dense"],
      file: null,
      weights: null,
      data: {
        kind: "task",
        task: "copyMemory",
        length: 100,
        symbols: 10,
        alphabet: 8,
        samples: 10_000,
        seed: 1,
        test: null,
      },
      dataPath: ["data"],
      training: {
        loss: "sparseCategoricalCrossentropy",
        fromLogits: false,
        classWeight: null,
        metrics: [],
        optimizer: { type: "adam", learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
        schedule: { type: "constant", warmup: 0 },
        clip: { value: null, norm: null, globalNorm: null },
        weightClip: null,
        pruning: null,
        gradientNormRegularizer: null,
        batchSize: 32,
        accumulate: 1,
        truncate: null,
        earlyStopping: null,
        checkpoint: null,
        length: { steps: 1000 },
        seed: 1,
      },
      trainingPath: ["training"],
      diagnosis: {
        requiredLag: null,
        rules: {
          "vanishing-through-time": { enabled: true, epsilon: 0.01, minSteps: 5, baselineTolerance: 0.05 },
          "exploding-through-time": { enabled: true, decades: 3 },
          "exploding-gradient": { enabled: true, factor: 10, norm: 1e4 },
          "non-finite": { enabled: true },
          "data-scale": { enabled: true },
          "output-mismatch": { enabled: true },
          "symmetric-units": { enabled: true },
          padding: { enabled: true },
          "post-norm-stack": { enabled: true },
          "nothing-to-learn": { enabled: true },
          "held-back": { enabled: true },
          "vanishing-through-depth": { enabled: true, factor: 1e-3, minSteps: 5 },
          "exploding-through-depth": { enabled: true, factor: 1e3, minSteps: 5 },
          "dead-units": { enabled: true, share: 0.5, minSteps: 5 },
          "saturated-units": { enabled: true, share: 0.5, minSteps: 5 },
          "saturated-gates": { enabled: true, share: 0.5, minSteps: 5 },
          "update-ratio": { enabled: true, low: 1e-5, high: 1e-1, minSteps: 5 },
          "loss-plateau": { enabled: true, tolerance: 0.05, grace: 0.25 },
          "loss-diverging": { enabled: true, factor: 10, minSteps: 5 },
        },
      },
    });
  });

  it("derives a table's horizon from its window", () => {
    const tableOf = (extra: string) =>
      models(
        `{ "data": { "file": "a.csv", "inputs": ["x"], "targets": ["y"]${extra} }, "models": { "a": { "layers": [${dense}] } } }`,
      )[0]?.data;
    expect(tableOf("")).toMatchObject({ window: null, ahead: 0 });
    expect(tableOf(', "window": 4')).toMatchObject({ window: 4, ahead: 1 });
    expect(tableOf(', "window": 4, "horizon": 0')).toMatchObject({ window: 4, ahead: 0 });
  });

  it("overrides the top level's keys by a model's own, with the place of each", () => {
    const text = `{
      "data": { "task": "addingProblem", "length": 50, "seed": 3 },
      "training": { "steps": 10, "batchSize": 8, "clip": { "globalNorm": 1 } },
      "diagnosis": { "requiredLag": 9, "non-finite": false },
      "models": {
        "a": { "layers": [${dense}], "data": { "length": 70 }, "training": { "epochs": 2 }, "diagnosis": { "exploding-through-time": false } },
        "b": { "extends": "a", "data": { "task": "temporalOrder" } },
        "c": { "layers": [${dense}], "training": { "clip": { "value": 2 } } } } }`;
    const [a, b, c] = models(text);
    expect(a?.data).toMatchObject({ task: "addingProblem", length: 70, seed: 3 });
    expect(a?.dataPath).toEqual(["models", "a", "data"]);
    expect(a?.training).toMatchObject({ length: { epochs: 2 }, batchSize: 8, clip: { globalNorm: 1 } });
    expect(a?.diagnosis.requiredLag).toBe(9);
    expect(a?.diagnosis.rules["exploding-through-time"].enabled).toBe(false);
    expect(a?.diagnosis.rules["non-finite"].enabled).toBe(false);
    expect(b?.data).toEqual({ kind: "task", task: "temporalOrder", length: 100, samples: 10_000, seed: 1, test: null });
    expect([a?.base, b?.base]).toEqual([null, "a"]);
    expect(b?.layers[0]?.path).toEqual(["models", "a", "layers", 0]);
    expect(b?.trainingPath).toEqual(["models", "a", "training"]);
    expect(c?.training.clip).toEqual({ value: 2, norm: null, globalNorm: null });
    expect(c?.dataPath).toEqual(["data"]);
  });

  it("overrides data of the same kind, and replaces data of another kind", () => {
    const text = `{ "data": { "task": "characterLanguageModel", "file": "a.txt", "length": 30 },
      "models": {
        "base": { "layers": [${dense}] },
        "other": { "extends": "base", "data": { "file": "b.txt" } },
        "table": { "extends": "base", "data": { "file": "c.csv", "inputs": ["u"], "targets": ["y"] } },
        "arrays": { "extends": "base", "data": { "inputs": { "file": "x.npy" }, "targets": { "file": "y.npy" } } },
        "named": { "extends": "arrays", "data": { "targets": { "file": "y.npz", "array": "y" } } } } }`;
    const [base, other, table, arrays, named] = models(text).map(({ data }) => data);
    expect(base).toEqual({ kind: "text", task: "characterLanguageModel", file: "a.txt", length: 30, test: null });
    expect(other).toEqual({ ...base, file: "b.txt" });
    expect(table).toMatchObject({ kind: "table", file: "c.csv", shuffle: true });
    const x = { file: "x.npy", array: null };
    expect(arrays).toEqual({
      kind: "arrays",
      inputs: x,
      targets: { file: "y.npy", array: null },
      standardize: false,
      minMax: false,
      classes: null,
      test: null,
      shuffle: true,
    });
    expect(named).toMatchObject({ kind: "arrays", inputs: x, targets: { file: "y.npz", array: "y" } });
  });

  it("accepts the labels of the classes as a list, each once", () => {
    const of = (classes: string) =>
      parseConfig(`{ "data": { "file": "c.csv", "inputs": ["u"], "targets": ["y"], "classes": ${classes} },
        "models": { "a": { "layers": [${dense}] } } }`);
    expect(of("[-1, 1]").config?.models[0]?.data).toMatchObject({ classes: [-1, 1] });
    for (const wrong of ["[1]", "[1, 1]", "[0.5, 1]", '["a", "a"]', "3", "[1, 1e9]"])
      expect(of(wrong).problems[0]?.path.slice(0, 2), wrong).toEqual(["data", "classes"]);
  });

  it("shows a wrong value of an override where it is written, and the top level's once", () => {
    const text = `{ "data": { "task": "addingProblem" }, "training": { "seed": -1 },
      "models": { "a": { "layers": [${dense}], "training": { "batchSize": 0 } }, "b": { "layers": [${dense}] } } }`;
    const { config, problems } = parseConfig(text);
    expect(config).toBeNull();
    expect(problems.map((p) => p.path)).toEqual([
      ["training", "seed"],
      ["models", "a", "training", "batchSize"],
    ]);
  });

  it("keeps the valid models when another is broken", () => {
    const text = `{ "data": { "task": "addingProblem" }, "models": { "bad": { "layers": [{ "type": "lstm" }] }, "heir": { "extends": "bad" },
      "good": { "layers": [${dense}] }, "saved": { "extends": "bad", "layers": [${dense}] } } }`;
    const { config, problems } = parseConfig(text);
    expect(config?.models.map((m) => m.name)).toEqual(["good", "saved"]);
    expect(problems).toHaveLength(1);
  });

  it("names layers as Keras does and connects them in order", () => {
    const entries = [
      '{ "type": "simpleRNN", "units": 2, "returnSequences": true }',
      '{ "type": "simpleRNN", "units": 2 }',
      dense,
      '{ "type": "dense", "units": 1, "name": "dense_1" }',
      dense,
    ];
    const [model] = models(
      `{ "data": { "task": "addingProblem" }, "models": { "a": { "layers": [${entries.join()}, { "type": "add", "inputs": ["dense", "dense_2"] }] } } }`,
    );
    expect(model?.layers.map((l) => [l.name, ...l.inputs])).toEqual([
      ["simple_rnn", "input"],
      ["simple_rnn_1", "simple_rnn"],
      ["dense", "simple_rnn_1"],
      ["dense_1", "dense"],
      ["dense_2", "dense_1"],
      ["add", "dense", "dense_2"],
    ]);
  });

  it.each([
    ["a merge layer with one input", '{ "type": "add" }', '"add"'],
    ["an input that is not a layer", '{ "type": "add", "inputs": ["input", "later"] }', '"later"'],
    [
      "several inputs for a layer that takes one",
      '{ "type": "dense", "units": 1, "inputs": ["input", "input"] }',
      '["input", "input"]',
    ],
    [
      "a dot product of three",
      '{ "type": "dot", "axes": 1, "inputs": ["input", "input", "input"] }',
      '["input", "input", "input"]',
    ],
    [
      "inputs of an inner layer",
      '{ "type": "timeDistributed", "layer": { "type": "dense", "units": 1, "inputs": ["input"] } }',
      '"inputs"',
    ],
  ])("refuses %s", (_, entry, place) => {
    const text = `{ "data": { "task": "addingProblem" }, "models": { "a": { "layers": [${entry}] } } }`;
    const parsed = parseConfig(text);
    expect(parsed.config).toBeNull();
    expect(parsed.problems.map((p) => shown(text, parsed, p))).toEqual([place]);
  });

  it("refuses to monitor a test loss that does not exist", () => {
    const text = (data: string) =>
      `{ "data": { "task": "addingProblem"${data} }, "training": { "earlyStopping": { "monitor": "testLoss" } }, "models": { "a": { "layers": [${dense}] } } }`;
    const parsed = parseConfig(text(""));
    expect(parsed.problems.map((p) => shown(text(""), parsed, p))).toEqual(['"testLoss"']);
    expect(parseConfig(text(', "test": 0.1')).config?.models[0]?.training.earlyStopping).toEqual({
      monitor: "testLoss",
      patience: 5,
      minDelta: 0,
    });
  });

  it("refuses logits and classes for numbers, and invalid classes, where they are written", () => {
    const text = (training: string) =>
      `{ "data": { "task": "addingProblem" }, "training": ${training}, "models": { "a": { "layers": [${dense}] } } }`;
    for (const [training, place] of [
      ['{ "loss": { "type": "meanAbsoluteError", "fromLogits": true } }', "true"],
      ['{ "loss": "meanSquaredError", "classWeight": "balanced" }', '"classWeight"'],
      // The task's default loss is a regression's.
      ['{ "classWeight": "balanced" }', '"classWeight"'],
      ['{ "loss": "binaryCrossentropy", "classWeight": { "0": 1, "yes": 2 } }', '"yes"'],
      ['{ "loss": "binaryCrossentropy", "classWeight": { "-1": 2 } }', '"-1"'],
      ['{ "loss": "binaryCrossentropy", "classWeight": [1, 20] }', "[1, 20]"],
    ] as const) {
      const parsed = parseConfig(text(training));
      expect(
        parsed.problems.map((p) => shown(text(training), parsed, p)),
        training,
      ).toEqual([place]);
      expect(parsed.config).toBeNull();
    }
    const { training } = models(text('{ "loss": { "type": "binaryCrossentropy" }, "classWeight": { "1": 3 } }'))[0]!;
    expect(training).toMatchObject({
      loss: "binaryCrossentropy",
      fromLogits: false,
      classWeight: { weights: { "1": 3 }, path: ["training", "classWeight"] },
    });
  });

  describe("null", () => {
    const config = (a: string, b: string) =>
      `{ "data": { "task": "temporalOrder", "length": 60, "test": 0.2 }, "diagnosis": { "requiredLag": 5, "dead-units": false },
         "training": { "clip": { "globalNorm": 1 }, "schedule": { "type": "step" }, "earlyStopping": {}, "epochs": 3, "truncate": 9 },
         "models": { "a": { "layers": [${dense}]${a} }, "b": { "extends": "a"${b} } } }`;

    it("removes what a model inherits", () => {
      const [a, b] = models(
        config(
          "",
          ', "data": { "test": null, "length": null }, "diagnosis": { "requiredLag": null, "dead-units": null }, "training": { "clip": null, "schedule": null, "earlyStopping": null, "epochs": null, "truncate": null }',
        ),
      );
      expect(a!.training).toMatchObject({ clip: { globalNorm: 1 }, length: { epochs: 3 }, truncate: 9 });
      expect(b!.data).toMatchObject({ test: null, length: 100 });
      expect(b!.training).toMatchObject({
        clip: { value: null, norm: null, globalNorm: null },
        schedule: { type: "constant", warmup: 0 },
        earlyStopping: null,
        length: { steps: 1000 },
        truncate: null,
      });
      expect(b!.diagnosis.requiredLag).toBeNull();
      expect(b!.diagnosis.rules["dead-units"].enabled).toBe(true);
    });

    it("is itself overridden by a model that extends, and does not affect the length", () => {
      const [a, b] = models(
        config(', "training": { "clip": null, "steps": null }', ', "training": { "clip": { "norm": 2 } }'),
      );
      expect(a!.training).toMatchObject({ clip: { globalNorm: null }, length: { epochs: 3 } });
      expect(b!.training.clip.norm).toBe(2);
    });

    it("changes nothing if nothing is inherited", () => {
      const text = `{ "data": { "task": "addingProblem", "test": null }, "training": { "clip": null, "steps": null }, "models": { "a": { "layers": [${dense}] } } }`;
      const plain = `{ "data": { "task": "addingProblem" }, "training": {}, "models": { "a": { "layers": [${dense}] } } }`;
      expect(models(text)).toEqual(models(plain));
    });

    it("for an unknown key is a mistake", () => {
      const text = config("", ', "training": { "clipp": null }');
      const parsed = parseConfig(text);
      expect(parsed.problems.map((p) => [shown(text, parsed, p), p.message])).toEqual([
        ['"clipp"', 'training has no "clipp". Did you mean "clip"?'],
      ]);
    });

    it("for required data is reported as missing", () => {
      const text = config("", ', "data": { "task": null }');
      expect(parseConfig(text).problems.map((p) => p.message)).toEqual([
        'data needs a "task", such as "addingProblem", a "file" (a CSV table), or "inputs" and "targets" with a file each.',
      ]);
    });
  });

  it("refuses pruning that ends before it begins", () => {
    const text = `{ "data": { "task": "addingProblem" }, "training": { "pruning": { "sparsity": 0.5, "begin": 20, "end": 10 } }, "models": { "a": { "layers": [${dense}] } } }`;
    const parsed = parseConfig(text);
    expect(parsed.problems.map((p) => shown(text, parsed, p))).toEqual(["10"]);
  });

  it.each([
    [
      "a repeated layer name",
      `{ "data": { "task": "addingProblem" }, "models": { "a": { "layers": [{ "type": "flatten", "name": "x" }, { "type": "flatten", "name": "x" }] } } }`,
      ["models", "a", "layers", 1, "name"],
    ],
    [
      "a model that extends itself",
      `{ "data": { "task": "addingProblem" }, "models": { "a": { "extends": "a" } } }`,
      ["models", "a", "extends"],
    ],
    [
      "a model that extends an unknown one",
      `{ "data": { "task": "addingProblem" }, "models": { "a": { "extends": "b" } } }`,
      ["models", "a", "extends"],
    ],
    ["a config without data", `{ "models": { "a": { "layers": [${dense}] } } }`, ["models", "a"]],
    ["data of no kind", `{ "data": {}, "models": { "a": { "layers": [${dense}] } } }`, ["data"]],
    [
      "data of two kinds",
      `{ "data": { "task": "addingProblem", "file": "x", "inputs": ["a"], "targets": ["b"] }, "models": { "a": { "layers": [${dense}] } } }`,
      ["data", "task"],
    ],
    [
      "more data than memory",
      `{ "data": { "task": "addingProblem", "samples": 10000000, "length": 100000 }, "models": { "a": { "layers": [${dense}] } } }`,
      ["data", "samples"],
    ],
    [
      "a batch larger than the data",
      `{ "data": { "task": "addingProblem", "samples": 10 }, "training": { "batchSize": 11 }, "models": { "a": { "layers": [${dense}] } } }`,
      ["training", "batchSize"],
    ],
    [
      "a batch larger than the training samples",
      `{ "data": { "task": "addingProblem", "samples": 10, "test": 0.2 }, "training": { "batchSize": 9 }, "models": { "a": { "layers": [${dense}] } } }`,
      ["training", "batchSize"],
    ],
    [
      "a cue as long as its sequence",
      `{ "data": { "task": "delayedRecall", "length": 5, "cue": 5 }, "models": { "a": { "layers": [${dense}] } } }`,
      ["data", "cue"],
    ],
    [
      "test samples drawn among windows",
      `{ "data": { "file": "x", "inputs": ["a"], "targets": ["a"], "window": 3, "shuffle": true }, "models": { "a": { "layers": [${dense}] } } }`,
      ["data", "shuffle"],
    ],
    [
      "a column listed twice",
      `{ "data": { "file": "x", "inputs": ["a", "a"], "targets": ["b"] }, "models": { "a": { "layers": [${dense}] } } }`,
      ["data", "inputs", 1],
    ],
    ["models that are not an object", `{ "data": { "task": "addingProblem" }, "models": [] }`, ["models"]],
    ["a config without models", `{ "data": { "task": "addingProblem" } }`, []],
    ["a config that is not an object", "[]", []],
  ])("refuses %s", (_, text, path) => {
    const { config, problems } = parseConfig(text);
    expect(config).toBeNull();
    expect(problems.map((p) => p.path)).toEqual([path]);
  });

  it("refuses a duplicate key, in the model that contains it", () => {
    const text = `{ "data": { "task": "addingProblem" }, "models": { "a": { "layers": [{ "type": "dense", "units": 1, "units": 2 }] }, "b": { "layers": [${dense}] } } }`;
    const parsed = parseConfig(text);
    expect(parsed.config?.models.map((m) => m.name)).toEqual(["b"]);
    expect(parsed.problems[0]).toMatchObject({ offset: text.lastIndexOf('"units": 2'), length: 7 });
  });

  it("places syntax errors, and then reports nothing else", () => {
    const text = '{ "data": { "task" "addingProblem" }, "models": {} }';
    const { config, problems } = parseConfig(text);
    expect(config).toBeNull();
    expect(problems[0]).toMatchObject({
      message: 'Expected ":" after the property name.',
      offset: text.indexOf('"addingProblem"'),
    });
    for (const broken of ["", " ", "{", '{ "a": ', "nul", '"', "[".repeat(100_000), '{"a":'.repeat(100_000)]) {
      const [problem] = parseConfig(broken).problems;
      expect(problem?.offset, broken.slice(0, 9)).toBeGreaterThanOrEqual(0);
      expect((problem?.offset ?? 0) + (problem?.length ?? 0)).toBeLessThanOrEqual(broken.length);
    }
  });

  it("reports a missing key once at its place", () => {
    expect(parseConfig('{ "models": {').problems.map((p) => p.message)).toEqual(['Expected "}".']);
  });

  it("refuses model names that cannot be shown", () => {
    const named = (name: string) =>
      parseConfig(
        JSON.stringify({ data: { task: "addingProblem" }, models: { [name]: { layers: [{ type: "flatten" }] } } }),
      );
    for (const name of ["", " ", "a\nb", "\u001b[31m"]) {
      const { config, problems } = named(name);
      expect(config).toBeNull();
      expect(problems).toMatchObject([{ path: ["models", name], on: "key" }]);
      expect(problems[0]!.message).toMatch(/visible character/);
    }
    expect(named("größer/2 🦊").problems).toEqual([]);
  });

  it("refuses a text of absurd length before it is parsed", () => {
    const { config, problems } = parseConfig(`{ "models": {} }${" ".repeat(2_000_000)}`);
    expect(config).toBeNull();
    expect(problems).toMatchObject([{ offset: 0, length: 1 }]);
    expect(problems[0]!.message).toMatch(/more than 2 million characters/);
  });

  it("accepts names that JavaScript uses itself", () => {
    const text = `{ "data": { "task": "addingProblem" }, "models": { "__proto__": { "layers": [${dense}] }, "constructor": { "layers": [${dense}] }, "toString": { "extends": "__proto__" } } }`;
    expect(models(text).map((m) => m.name)).toEqual(["__proto__", "constructor", "toString"]);
    expect(parseConfig('{ "models": { "a": { "extends": "constructor" } } }').config).toBeNull();
  });

  it("never throws, and every problem has a place in the text (property)", () => {
    const check = (text: string) => {
      const parsed = parseConfig(text);
      for (const problem of parsed.problems) {
        const { offset, length } = parsed.rangeOf(problem.path, problem.on);
        for (const [start, size] of [
          [offset, length],
          [problem.offset ?? 0, problem.length ?? 0],
        ] as const) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start + size).toBeLessThanOrEqual(text.length);
        }
      }
      if (parsed.config === null) expect(parsed.problems.length).toBeGreaterThan(0);
    };
    fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), check), { numRuns: budget(40, 300, 100) });
    fc.assert(fc.property(fc.json(), check), { numRuns: budget(40, 300, 100) });
    const mutated = fc
      .tuple(
        fc.constantFrom(...sound),
        fc.nat(),
        fc.nat(12),
        fc.constantFrom("", "{", "}", '"', ",", "-1", "null", "[]", "__proto__", "\u0000"),
      )
      .map(
        ([text, at, length, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + length),
      );
    fc.assert(fc.property(mutated, check), { numRuns: budget(50, 2000, 150) });
    const swapped = fc
      .tuple(
        fc.constantFrom(...sound),
        fc.nat(),
        fc.oneof(fc.json({ maxDepth: 2 }), fc.constantFrom("null", "{}", "[]", '""', "1e999")),
      )
      .map(([text, pick, put]) => {
        const values = [...text.matchAll(/(?<=: )("[^"]*"|[\d.]+|true|false)/g)];
        const value = values[pick % values.length];
        return value === undefined
          ? text
          : text.slice(0, value.index) + put + text.slice(value.index + value[0].length);
      });
    fc.assert(fc.property(swapped, check), { numRuns: budget(30, 1000, 80) });
  });
});

describe("rangeOf", () => {
  const text = `{
  "training": {
    "steps": 5
  },
  "models": {
    "a": { "layers": [
      { "type": "lstm", "units": 3, "recurrentInitializer": { "type": "orthogonal" } } ] }
  }
}`;
  const { rangeOf } = parseConfig(text);
  const at = (path: readonly (string | number)[], on?: "value" | "key") => {
    const { offset, length } = rangeOf(path, on);
    return text.slice(offset, offset + length);
  };
  const entry = ["models", "a", "layers", 0];

  it("is the value, or the key on request", () => {
    expect(at([...entry, "units"])).toBe("3");
    expect(at([...entry, "units"], "key")).toBe('"units"');
    expect(at([...entry, "recurrentInitializer"])).toBe('{ "type": "orthogonal" }');
  });

  it("falls back to the most recognisable place", () => {
    expect(at([...entry, "activation"])).toBe('"lstm"');
    expect(at(entry)).toBe('"lstm"');
    expect(at([...entry, "recurrentInitializer", "gain"])).toBe('"orthogonal"');
    expect(at(["models", "a", "training", "clip"])).toBe('"a"');
    expect(at(["models", "a"])).toBe('"a"');
    expect(at(["models", "a", "layers", 7, "units"])).toBe('"layers"');
    expect(at(["training", "clip", "globalNorm"])).toBe('"training"');
    expect(at(["training"])).toBe('"training"');
    expect(at(["diagnosis", "requiredLag"])).toBe("{");
    expect(at([])).toBe("{");
  });
});
