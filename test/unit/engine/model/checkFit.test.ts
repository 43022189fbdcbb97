import { beforeAll, describe, expect, test } from "vitest";
import type { LossName } from "../../../../src/config/resolved.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import type { Dataset } from "../../../../src/engine/data/dataset.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { checkFit } from "../../../../src/engine/model/checkFit.ts";
import { entries, type LayerLine } from "../entries.ts";

beforeAll(async () => {
  await initBackend("cpu");
});

function dataset(
  inputShape: readonly number[],
  targetShape: readonly number[],
  classes: number | null = null,
  inputs = [0],
): Dataset {
  return {
    samples: 1_000_000,
    inputs: Float32Array.from(inputs),
    inputShape,
    targets: new Float32Array(1),
    test: null,
    targetShape,
    features: inputShape.at(-1) ?? 1,
    timesteps: inputShape.length > 1 ? inputShape[0]! : null,
    classes,
    requiredLag: null,
    baselineLoss: () => null,
    warnings: [],
  };
}

function check(layers: readonly LayerLine[], data: Dataset, loss: LossName = "meanSquaredError", batchSize = 32) {
  const built = buildModel(entries(...layers), data.inputShape, 1);
  if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
  const problems = checkFit(built, data, { loss, batchSize, accumulate: 1, path: ["training"] });
  built.dispose();
  return problems;
}

const lstm: LayerLine = { type: "lstm", units: 3 };
const sequence: LayerLine = { ...lstm, returnSequences: true };
const units = (n: number): LayerLine => ({ type: "dense", units: n });
const layer = (...rest: (string | number)[]) => ["models", "m", "layers", ...rest];

describe("the output fits the targets and the loss", () => {
  test.each([
    ["one number", [lstm, units(1)], dataset([5, 2], [1]), "meanSquaredError"],
    ["classes by index", [lstm, units(4)], dataset([5, 2], [1], 4), "sparseCategoricalCrossentropy"],
    ["more outputs than classes", [lstm, units(6)], dataset([5, 2], [1], 4), "sparseCategoricalCrossentropy"],
    ["classes at each timestep", [sequence, units(4)], dataset([5, 2], [5, 1], 4), "sparseCategoricalCrossentropy"],
    ["one-hot classes at each timestep", [sequence, units(4)], dataset([5, 2], [5, 4]), "categoricalCrossentropy"],
  ] as const)("%s", (_, layers, data, loss) => {
    expect(check(layers, data, loss)).toEqual([]);
  });
});

describe("what does not fit is refused with both shapes and a remedy", () => {
  test.each([
    [
      "too many units",
      [lstm, units(3)],
      dataset([5, 2], [1]),
      "meanSquaredError",
      layer(1, "units"),
      ["(3)", "(1)", "1 unit"],
    ],
    [
      "a sequence for one target",
      [sequence, units(1)],
      dataset([5, 2], [1]),
      "meanSquaredError",
      layer(1, "units"),
      ["(5, 1)", '"returnSequences": false'],
    ],
    [
      "one output for a sequence of targets",
      [lstm, units(4)],
      dataset([5, 2], [5, 1], 4),
      "sparseCategoricalCrossentropy",
      layer(1, "units"),
      ["(4)", '"returnSequences": true'],
    ],
    [
      "too few outputs for the classes",
      [lstm, units(2)],
      dataset([5, 2], [1], 4),
      "sparseCategoricalCrossentropy",
      layer(1, "units"),
      ["4 classes"],
    ],
    [
      "one class",
      [lstm, units(1)],
      dataset([5, 2], [1]),
      "categoricalCrossentropy",
      layer(1, "units"),
      ["binaryCrossentropy"],
    ],
    [
      "the dense layer inside timeDistributed",
      [sequence, { type: "timeDistributed", layer: units(3) }],
      dataset([5, 2], [5, 4]),
      "categoricalCrossentropy",
      layer(1, "layer", "units"),
      ["4 units"],
    ],
    ["a last layer without units", [lstm], dataset([5, 2], [1]), "meanSquaredError", layer(0, "type"), ["(3)", "(1)"]],
  ] as const)("%s", (_, layers, data, loss, path, words) => {
    const [problem] = check(layers as readonly LayerLine[], data, loss);
    expect(problem).toMatchObject({ severity: "error", path });
    for (const word of words) expect(problem!.message).toContain(word);
  });
});

describe("an edit fixes", () => {
  const fixesOf = (layers: readonly LayerLine[], data: Dataset, loss: LossName = "meanSquaredError") =>
    check(layers, data, loss)[0]?.fixes?.map((fix) => fix.edits) ?? [];

  test("the number of units", () => {
    expect(fixesOf([lstm, units(3)], dataset([5, 2], [1]))).toEqual([[{ path: layer(1, "units"), value: 1 }]]);
    expect(fixesOf([lstm], dataset([5, 2], [1]))).toEqual([]);
  });

  test("whether every timestep has an output", () => {
    expect(fixesOf([sequence, sequence, units(1)], dataset([5, 2], [1]))).toEqual([
      [{ path: layer(1, "returnSequences"), value: false }],
    ]);
    const both: LayerLine = { type: "bidirectional", layer: { type: "gru", units: 2 } };
    expect(fixesOf([both, units(1)], dataset([5, 2], [5, 1]))).toEqual([
      [{ path: layer(0, "layer", "returnSequences"), value: true }],
    ]);
  });

  test("one output under a categorical loss", () => {
    expect(fixesOf([lstm, units(1)], dataset([5, 2], [1]), "categoricalCrossentropy")).toEqual([
      [
        { path: ["training", "loss"], value: "binaryCrossentropy" },
        { path: layer(1, "activation"), value: "sigmoid" },
      ],
    ]);
  });

  test("one-hot classes under a sparse loss", () => {
    const targets = Float32Array.of(0, 1, 0, 1, 0, 0);
    const written: Dataset = { ...dataset([5, 2], [3, 1], 2), samples: 2, targets };
    const [problem] = check([lstm, units(3)], written, "sparseCategoricalCrossentropy", 2);
    expect(problem).toMatchObject({ path: ["training", "loss"], message: expect.stringContaining("categorical") });
    expect(problem?.fixes).toMatchObject([{ edits: [{ value: "categoricalCrossentropy" }] }]);
    // Two ones in a row are not a class.
    const pulses: Dataset = { ...written, targets: Float32Array.of(0, 1, 1, 1, 0, 0) };
    const [other] = check([lstm, units(3)], pulses, "sparseCategoricalCrossentropy", 2);
    expect(other?.message).toContain("returnSequences");
  });
});

describe("class indices under a loss that compares values", () => {
  const labelled = (targets: readonly number[]): Dataset => ({
    ...dataset([5, 2], [1], null),
    samples: targets.length,
    targets: Float32Array.from(targets),
  });

  test("suggest the loss for indices, with its activation", () => {
    for (const loss of ["meanSquaredError", "binaryCrossentropy"] as const) {
      const [problem] = check([lstm, units(3)], labelled([0, 1, 2, 1]), loss, 1);
      expect(problem?.message).toContain("whole numbers from 0 to 2, like class indices");
      expect(problem?.fixes?.[0]?.edits).toContainEqual({
        path: ["training", "loss"],
        value: "sparseCategoricalCrossentropy",
      });
    }
  });

  test("are not assumed if they are not whole numbers from 0, or are more than the outputs", () => {
    for (const targets of [
      [0, 0.5, 1],
      [1, 2, 3],
      [0, 1, 7],
    ])
      expect(check([lstm, units(3)], labelled(targets), "meanSquaredError", 1)[0]?.message).toContain("1 unit");
  });
});

describe("labels that do not count from 0", () => {
  const arrays = {
    kind: "arrays",
    inputs: { file: "x.npy", array: null },
    targets: { file: "y.npy", array: null },
    classes: null,
    test: null,
    shuffle: true,
  } as const;

  function said(labels: readonly number[], width: number, classes: readonly number[] | null = null) {
    const data: Dataset = {
      ...dataset([5, 2], [1], Math.max(...labels) + 1),
      samples: labels.length,
      targets: Float32Array.from(labels),
    };
    const built = buildModel(entries(lstm, units(width)), data.inputShape, 1);
    if (Array.isArray(built)) throw new Error("no model");
    const [problem] = checkFit(built, data, {
      loss: "sparseCategoricalCrossentropy",
      batchSize: 1,
      accumulate: 1,
      path: ["training"],
      source: { data: { ...arrays, standardize: false, minMax: false, classes }, path: ["data"] },
    });
    built.dispose();
    return problem;
  }

  test("are reported at the targets, first with the list of them, then with more units", () => {
    const problem = said([1, 2, 4, 7], 7);
    expect(problem).toMatchObject({ path: ["data", "targets", "file"] });
    expect(problem?.message).toMatch(/labels run from 1 to 7, but class indices begin at 0/);
    expect(problem?.fixes?.map((f) => f.edits)).toEqual([
      [{ path: ["data", "classes"], value: [1, 2, 3, 4, 5, 6, 7] }],
      [{ path: layer(1, "units"), value: 8 }],
    ]);
  });

  test("are listed by occurrence if there are as many outputs", () => {
    expect(said([10, 20, 30], 3)?.fixes?.[0]?.edits).toEqual([{ path: ["data", "classes"], value: [10, 20, 30] }]);
    expect(said([0, 5, 9], 3)?.fixes?.[0]?.edits).toEqual([{ path: ["data", "classes"], value: [0, 5, 9] }]);
  });

  test("change the units, too, if these are too few", () => {
    expect(said([1, 2, 3], 2)?.fixes?.[0]?.edits).toEqual([
      { path: ["data", "classes"], value: [1, 2, 3] },
      { path: layer(1, "units"), value: 3 },
    ]);
  });

  test("ignore targets that only lack units, and valid ones", () => {
    expect(said([0, 1, 2, 3], 3)).toMatchObject({ path: layer(1, "units") });
    expect(said([1, 2, 3], 4)).toBeUndefined();
  });
});

describe("embedding", () => {
  const embedding: LayerLine = { type: "embedding", inputDim: 7, outputDim: 3 };

  test("accepts whole numbers within its vocabulary", () => {
    expect(check([embedding, lstm, units(1)], dataset([5], [1], null, [0, 6]))).toEqual([]);
  });

  test.each([
    [[-1], "-1"],
    [[0.5], "standardize"],
  ])("refuses %o", (inputs, word) => {
    const [problem] = check([embedding, lstm, units(1)], dataset([5], [1], null, inputs));
    expect(problem).toMatchObject({ path: layer(0, "type"), message: expect.stringContaining(word) });
    expect(problem?.fixes).toBeUndefined();
  });

  test("names the least size for indices beyond it", () => {
    const [problem] = check([embedding, lstm, units(1)], dataset([5], [1], null, [0, 7, 250, 3]));
    expect(problem).toMatchObject({ path: layer(0, "inputDim"), message: expect.stringContaining("at least 251") });
    expect(problem?.fixes).toMatchObject([{ edits: [{ path: layer(0, "inputDim"), value: 251 }] }]);
  });

  test("comes first", () => {
    const [problem] = check([units(5), embedding, lstm, units(1)], dataset([5], [1]));
    expect(problem).toMatchObject({ path: layer(1, "type"), message: expect.stringContaining("first") });
  });
});

test("a softmax of a sequence without an axis, which tfjs would refuse only in the first step", () => {
  const data = dataset([5, 2], [5, 3]);
  const softmax = (more: object) => check([sequence, { type: "softmax", ...more }], data, "categoricalCrossentropy");
  expect(softmax({})).toMatchObject([{ path: layer(1, "type"), message: expect.stringContaining('"axis": -1') }]);
  for (const axis of [1, -1, 2]) expect(softmax({ axis })).toEqual([]);
});

test("a constraint whose axis exceeds its weight's rank", () => {
  const data = dataset([5, 2], [1]);
  const limit = (axis: number) => ({ type: "maxNorm", axis });
  const limited = (more: object) => check([{ ...lstm, ...more }, units(1)], data);
  expect(limited({ biasConstraint: limit(1) })).toMatchObject([{ path: layer(0, "biasConstraint") }]);
  expect(limited({ recurrentConstraint: limit(2) })).toMatchObject([{ path: layer(0, "recurrentConstraint") }]);
  expect(limited({ recurrentConstraint: limit(1), biasConstraint: "maxNorm", kernelConstraint: "nonNeg" })).toEqual([]);
});

test("a mask shape that does not fit the input", () => {
  const data = dataset([5, 2], [1]);
  const masked = (type: string, noiseShape: readonly (number | null)[]) =>
    check([{ type, rate: 0.5, noiseShape: [...noiseShape] }, lstm, units(1)], data);
  for (const shape of [
    [1, 2],
    [null, 3, 2],
    [5, 1],
    [null, 1],
  ])
    expect(masked("dropout", shape)).toMatchObject([{ path: layer(0, "noiseShape") }]);
  for (const shape of [
    [null, 1, 2],
    [1, 5, null],
    [null, null, null],
  ])
    expect(masked("dropout", shape)).toEqual([]);
  expect(masked("alphaDropout", [null, 1, 2])).toMatchObject([{ path: layer(0, "noiseShape") }]);
  expect(masked("alphaDropout", [1, 1, 2])).toEqual([]);
});

test("layers whose gradient tfjs cannot compute are refused, not discovered in the first step", () => {
  const image = dataset([8, 8, 1], [1]);
  const ending = [{ type: "flatten" }, units(1)];
  const conv: LayerLine = { type: "conv2d", filters: 2, kernelSize: 2 };
  const crop: LayerLine = { type: "centerCrop", height: 4, width: 4 };
  expect(check([crop, conv, ...ending], image)).toEqual([]);
  expect(check([conv, crop, ...ending], image)).toMatchObject([{ path: layer(1, "type") }]);
  expect(check([{ ...conv, dilationRate: 2 }, ...ending], image)).toEqual([]);
});

test("a model without trainable weights is refused, with edits that let training change it", () => {
  const frozen = { ...units(1), trainable: false };
  const both = check([{ ...units(3), trainable: false }, frozen], dataset([2], [1]));
  expect(both).toMatchObject([
    {
      severity: "error",
      path: layer(0, "trainable"),
      fixes: [
        {
          edits: [
            { path: layer(0, "trainable"), value: undefined },
            { path: layer(1, "trainable"), value: undefined },
          ],
        },
        { edits: [{ path: layer(1, "trainable"), value: undefined }] },
      ],
    },
  ]);
  expect(both[0]?.message).toMatch(/^Nothing can be learnt/);
  expect(check([units(3), frozen], dataset([2], [1]))).toEqual([]);
});

test("a batch larger than the number of training samples is refused", () => {
  const data = { ...dataset([2], [1]), samples: 20 };
  expect(check([units(1)], data, "meanSquaredError", 20)).toEqual([]);
  expect(check([units(1)], data, "meanSquaredError", 21)).toMatchObject([
    {
      path: ["training", "batchSize"],
      message: 'batchSize is 21, but data has only 20 samples. Set "batchSize" to 20 or less.',
      fixes: [{ edits: [{ path: ["training", "batchSize"], value: 20 }] }],
    },
  ]);
});

test("batches that would not fit into memory are refused", () => {
  expect(check([lstm, units(1)], dataset([1000, 2], [1]), "meanSquaredError", 100)).toEqual([]);
  expect(check([lstm, units(1)], dataset([1000, 2], [1]), "meanSquaredError", 100_000)).toMatchObject([
    { path: ["training", "batchSize"] },
  ]);
  expect(
    check([{ type: "repeatVector", n: 1_000_000_000 }, lstm, units(1)], dataset([2], [1]), "meanSquaredError", 1),
  ).toMatchObject([{ path: layer(0, "type"), message: expect.stringContaining("limit") }]);
});
