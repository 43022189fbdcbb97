import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Problem } from "../../../../src/config/problem.ts";
import { activationNames } from "../../../../src/config/schema/names.ts";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { type BuiltModel, weightsOf } from "../../../../src/engine/model/builtModel.ts";
import { entries, type LayerLine } from "../entries.ts";

beforeAll(async () => {
  await initBackend("cpu");
});

function sound(lines: readonly LayerLine[], input: readonly number[] = [5, 2], seed = 1): BuiltModel {
  const built = buildModel(entries(...lines), input, seed);
  if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
  return built;
}

function wrong(lines: readonly LayerLine[], input: readonly number[] = [5, 2]): Problem[] {
  const before = tf.memory().numTensors;
  const built = buildModel(entries(...lines), input, 1);
  if (!Array.isArray(built)) throw new Error("it was built");
  expect(tf.memory().numTensors).toBe(before);
  return built;
}

const valuesOf = (built: BuiltModel) =>
  built.layers.flatMap((layer) =>
    weightsOf(layer).map(({ name, variable }) => [`${layer.name}/${name}`, [...variable.dataSync()]] as const),
  );

const lstm = { type: "lstm", units: 3 };
const dense = { type: "dense", units: 1 };

test.each([
  ["the wrapper", { type: "bidirectional", layer: lstm, trainable: false }],
  ["the layer in it", { type: "bidirectional", layer: { ...lstm, trainable: false } }],
  ["a layer of each timestep", { type: "timeDistributed", layer: { type: "dense", units: 2 }, trainable: false }],
])("a frozen layer has nothing to train, whichever says so: %s", (_, line) => {
  const built = sound([line, ...(line.type === "timeDistributed" ? [lstm] : []), dense]);
  const trained = built.layers.flatMap((layer) => weightsOf(layer).flatMap((w) => (w.trainable ? [layer.name] : [])));
  expect([...new Set(trained)]).toEqual(line.type === "timeDistributed" ? ["lstm_1", "dense_2"] : ["dense_1"]);
  expect(built.model.trainableWeights).toHaveLength(trained.length);
});

describe("the link back to the config", () => {
  test("each layer has its name, type and place; inner layers follow their wrapper", () => {
    const built = sound([
      { type: "bidirectional", layer: { ...lstm, returnSequences: true } },
      { type: "timeDistributed", layer: { type: "dense", units: 2 } },
      {
        type: "rnn",
        name: "my rnn ü",
        cell: [
          { type: "lstmCell", units: 2 },
          { type: "gruCell", units: 2 },
        ],
      },
      dense,
    ]);
    const root = ["models", "m", "layers"];
    expect(built.layers.map((l) => [l.name, l.type, l.path])).toEqual([
      ["bidirectional_0", "bidirectional", [...root, 0]],
      ["bidirectional_0/forward", "lstm", [...root, 0, "layer"]],
      ["bidirectional_0/backward", "lstm", [...root, 0, "layer"]],
      ["timeDistributed_1", "timeDistributed", [...root, 1]],
      ["timeDistributed_1/dense", "dense", [...root, 1, "layer"]],
      ["my rnn ü", "rnn", [...root, 2]],
      ["dense_3", "dense", [...root, 3]],
    ]);
    expect(built.layers.map((l) => weightsOf(l).map((w) => w.name))).toEqual([
      [],
      ["kernel", "recurrent_kernel", "bias"],
      ["kernel", "recurrent_kernel", "bias"],
      [],
      ["kernel", "bias"],
      [
        "RNNCell_0/kernel",
        "RNNCell_0/recurrent_kernel",
        "RNNCell_0/bias",
        "RNNCell_1/kernel",
        "RNNCell_1/recurrent_kernel",
        "RNNCell_1/bias",
      ],
      ["kernel", "bias"],
    ]);
    expect(built.outputShape).toEqual([1]);
    expect(built.byLayer.get(built.model.layers.at(-1)!)?.name).toBe("dense_3");
    expect(built.parameters).toBe(valuesOf(built).reduce((sum, [, v]) => sum + v.length, 0));
    built.dispose();
  });

  test("layers are connected by their inputs", () => {
    const built = sound(
      [
        { type: "dense", name: "a", inputs: ["input"], units: 4 },
        { type: "dense", name: "b", inputs: ["a"], units: 4 },
        { type: "add", name: "sum", inputs: ["a", "b"] },
      ],
      [3],
    );
    expect(built.outputShape).toEqual([4]);
    built.dispose();
  });

  test("a reshape infers the open size, also inside timeDistributed", () => {
    const shape = (lines: readonly LayerLine[]) => {
      const built = sound(lines, [6, 4]);
      built.dispose();
      return built.outputShape;
    };
    expect(shape([{ type: "reshape", targetShape: [-1] }])).toEqual([24]);
    expect(shape([{ type: "reshape", targetShape: [3, -1, 2] }])).toEqual([3, 4, 2]);
    expect(shape([{ type: "reshape", targetShape: [null, 8] }])).toEqual([3, 8]);
    const layer = { type: "reshape", targetShape: [-1, 2] };
    expect(shape([{ type: "timeDistributed", layer }])).toEqual([6, 2, 2]);
  });

  test("every offered activation exists", () => {
    for (const activation of activationNames) sound([{ type: "dense", units: 2, activation }], [3]).dispose();
  });
});

describe("seeds", () => {
  const all: readonly LayerLine[] = [
    { type: "conv1d", filters: 4, kernelSize: 2 },
    { type: "bidirectional", layer: { type: "gru", units: 4, returnSequences: true } },
    { type: "lstm", units: 4, returnSequences: true, biasInitializer: "randomNormal" },
    {
      type: "rnn",
      cell: [
        { type: "simpleRNNCell", units: 4 },
        { type: "lstmCell", units: 4 },
      ],
    },
    { type: "dense", units: 4, kernelInitializer: "heNormal", biasInitializer: { type: "truncatedNormal", stddev: 1 } },
    { type: "dense", units: 4, kernelInitializer: "heNormal" },
  ];

  test("the same seed gives the same weights, whatever was built before; another seed gives others", () => {
    const first = sound(all);
    const between = sound([lstm, dense]);
    const second = sound(all);
    const other = sound(all, [5, 2], 2);
    expect(valuesOf(second)).toEqual(valuesOf(first));
    const random = (built: BuiltModel) => valuesOf(built).filter(([, v]) => new Set(v).size > 2);
    random(other).forEach(([name, values], i) => {
      expect([name, values]).not.toEqual(random(first)[i]);
    });
    for (const built of [first, between, second, other]) built.dispose();
  });

  test("no two weights are equal", () => {
    const built = sound(all);
    const random = valuesOf(built).flatMap(([, v]) => (new Set(v).size > 2 ? [v.slice(0, 3).join()] : []));
    expect(random.length).toBeGreaterThanOrEqual(13);
    expect(new Set(random).size).toBe(random.length);
    built.dispose();
  });

  test("a seed in the config, including 0, is kept whatever the model's seed is", () => {
    for (const seed of [0, 5]) {
      const kernel = (modelSeed: number, own: number) => {
        const built = sound(
          [{ type: "dense", units: 4, kernelInitializer: { type: "glorotUniform", seed: own } }],
          [3],
          modelSeed,
        );
        const [[, values]] = valuesOf(built) as [readonly [string, number[]]];
        built.dispose();
        return values;
      };
      expect(kernel(1, seed)).toEqual(kernel(2, seed));
      expect(kernel(1, seed)).not.toEqual(kernel(1, 7));
    }
  });

  test("dropout drops other units every step, and the same ones in every run", { tags: "thorough" }, () => {
    const x = tf.ones([2, 5, 3]);
    const masks = (line: LayerLine) => {
      const built = sound([line], [5, 3]);
      const outputs = [1, 2, 3].map(() => {
        const y = built.model.apply(x, { training: true });
        if (Array.isArray(y) || !(y instanceof tf.Tensor)) throw new Error("one output");
        return [...y.dataSync()].join();
      });
      built.dispose();
      return outputs;
    };
    const lines: LayerLine[] = [
      { type: "dropout", rate: 0.5 },
      { type: "dropout", rate: 0.5, seed: 3 },
      { type: "spatialDropout1d", rate: 0.5 },
      { type: "gaussianNoise", stddev: 1 },
      { type: "gaussianDropout", rate: 0.5 },
      { type: "alphaDropout", rate: 0.5 },
      { type: "simpleRNN", units: 8, dropout: 0.5, recurrentDropout: 0.5, returnSequences: true },
      { type: "bidirectional", layer: { type: "lstm", units: 8, dropout: 0.5 } },
      { type: "lstm", units: 8, peepholes: true, dropout: 0.5, recurrentDropout: 0.5 },
      { type: "bidirectional", layer: { type: "gru", units: 8, resetAfter: true, recurrentDropout: 0.5 } },
    ];
    const platform = vi.spyOn(Math, "random");
    for (const line of lines) {
      const first = masks(line);
      expect(masks(line)).toEqual(first);
      expect(new Set(first).size).toBe(3);
    }
    expect(platform).not.toHaveBeenCalled();
    platform.mockRestore();
  });
});

describe("initializers", () => {
  const recurrent = (recurrentInitializer: string | object) => {
    const built = sound([{ type: "simpleRNN", units: 16, recurrentInitializer } as LayerLine]);
    const values = valuesOf(built).find(([name]) => name.endsWith("recurrent_kernel"))![1];
    built.dispose();
    return tf.tensor2d([...values], [16, 16]);
  };

  test.each([
    ["orthogonal", 1],
    [{ type: "orthogonal", gain: 1.5 }, 1.5],
  ])("%o is orthogonal with its gain", (initializer, gain) => {
    const u = recurrent(initializer);
    const product = tf.matMul(u, u, true, false);
    const distance = tf.max(tf.abs(tf.sub(product, tf.mul(tf.eye(16), gain * gain)))).dataSync()[0]!;
    expect(distance).toBeLessThan(1e-5);
  });

  test("identity takes a gain", () => {
    const distance = tf
      .max(tf.abs(tf.sub(recurrent({ type: "identity", gain: 0.5 }), tf.mul(tf.eye(16), 0.5))))
      .dataSync()[0];
    expect(distance).toBe(0);
  });

  test("unitForgetBias makes the forget bias 1, whatever the other biases are", () => {
    const built = sound([{ ...lstm, unitForgetBias: true }]);
    const bias = valuesOf(built).find(([name]) => name.endsWith("bias"))![1];
    expect(bias).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    built.dispose();
    const layer = {
      ...lstm,
      peepholes: true,
      unitForgetBias: true,
      peepholeInitializer: { type: "constant", value: 2 },
    };
    const wrapped = sound([{ type: "bidirectional", layer }]);
    const of = (part: string) => valuesOf(wrapped).flatMap(([name, values]) => (name.endsWith(part) ? [values] : []));
    expect(of("/bias")).toEqual([bias, bias]);
    expect(of("/peepholes")).toEqual([new Array(9).fill(2), new Array(9).fill(2)]);
    wrapped.dispose();
  });
});

test("disposing frees every tensor, including masks of recurrent dropout", () => {
  const before = tf.memory().numTensors;
  const built = sound([
    { type: "lstm", units: 3, dropout: 0.5, recurrentDropout: 0.5, returnSequences: true },
    { type: "lstm", units: 3, peepholes: true, dropout: 0.5, recurrentDropout: 0.5 },
    { type: "batchNormalization" },
    dense,
  ]);
  const x = tf.ones([2, 5, 2]);
  tf.tidy(() => {
    built.model.apply(x, { training: true });
  });
  x.dispose();
  built.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

describe("shapes that do not fit are reported at their places", { tags: "thorough" }, () => {
  type Fault = readonly [string, readonly LayerLine[], Problem["path"], readonly string[], (readonly number[])?];
  const faults: readonly Fault[] = [
    [
      "recurrent after recurrent without a sequence",
      [lstm, { type: "gru", units: 2 }],
      [1, "type"],
      ["(3)", "lstm_0", '"returnSequences": true'],
    ],
    [
      "recurrent after a wrapper without a sequence",
      [{ type: "bidirectional", layer: lstm }, lstm],
      [1, "type"],
      ["inside"],
    ],
    ["recurrent on data without time", [lstm], [0, "type"], ["(4)", '"window"'], [4]],
    ["recurrent after flatten", [{ type: "flatten" }, lstm], [1, "type"], ["flatten_0"]],
    ["convolution on a sequence", [{ type: "conv2d", filters: 2, kernelSize: 2 }], [0, "type"], ["(5, 2)", "height"]],
    ["flatten on a vector", [{ type: "flatten" }], [0, "type"], ["already flat"], [4]],
    [
      "shapes that cannot be added",
      [
        { type: "dense", name: "a", units: 3 },
        { type: "dense", name: "b", inputs: ["input"], units: 4 },
        { type: "add", inputs: ["a", "b"] },
      ],
      [2, "type"],
      ["(5, 3)", "(5, 4)"],
    ],
    [
      "a reshape that does not fit",
      [{ type: "reshape", targetShape: [3, 3] }],
      [0, "targetShape"],
      ["(5, 2)", "(3, 3)"],
    ],
    [
      "a window larger than the sequence",
      [{ type: "conv1d", filters: 2, kernelSize: 9 }],
      [0, "kernelSize"],
      ["9", "longer", "(5, 2)"],
    ],
    [
      "a pool larger than the image",
      [{ type: "maxPooling2d", poolSize: [2, 9] }],
      [0, "poolSize"],
      ["[2,9]", "longer", "(5, 5, 2)"],
      [5, 5, 2],
    ],
    [
      "the identity as a matrix that is not square",
      [{ type: "lstm", units: 3, kernelInitializer: "identity" }],
      [0, "kernelInitializer"],
      ["2 × 12", "square"],
    ],
    [
      "the same inside a cell",
      [{ type: "rnn", cell: [{ type: "gruCell", units: 3, recurrentInitializer: "identity" }] }],
      [0, "cell", 0, "recurrentInitializer"],
      ["3 × 9"],
    ],
    [
      "an orthogonal vector",
      [{ type: "gru", units: 3, biasInitializer: "orthogonal" }],
      [0, "biasInitializer"],
      ["not for vectors"],
    ],
    [
      "a reshape with no whole number left",
      [{ type: "reshape", targetShape: [-1, 4] }],
      [0, "targetShape"],
      ["(5, 2)", "10"],
    ],
    ["an unsteady width", [{ type: "randomWidth", factor: 0.5 }], [0, "type"], ["changes"], [4, 4, 1]],
    ["absurd units", [{ type: "dense", units: 1_000_000_000 }], [0, "units"], ["20,000,000"]],
    ["absurd recurrent units", [{ type: "lstm", units: 100_000 }], [0, "units"], ["20,000,000"]],
    [
      "absurd vocabulary",
      [{ type: "embedding", inputDim: 1_000_000_000, outputDim: 64 }],
      [0, "type"],
      ["20,000,000"],
      [5],
    ],
    [
      "the layer that crosses the limit",
      [
        { type: "dense", units: 3000 },
        { type: "dense", units: 4000 },
        { type: "dense", units: 4000 },
      ],
      [2, "units"],
      ["28,"],
      [3],
    ],
    [
      "a stated shape that disagrees",
      [{ type: "lstm", units: 3, inputShape: [7, 9] }, dense],
      [0, "inputShape"],
      ["(5, 2)"],
    ],
    [
      "a stated batch shape that disagrees",
      [{ type: "lstm", units: 3, batchInputShape: [null, 5, 3] }, dense],
      [0, "batchInputShape"],
      ["(5, 2)"],
    ],
    ["an input layer that disagrees", [{ type: "inputLayer", inputShape: [7] }, dense], [0, "inputShape"], ["(5, 2)"]],
  ];
  test.each(faults.map((fault) => ({ what: fault[0], fault })))(
    "$what",
    ({ fault: [, lines, place, words, input] }) => {
      const [problem] = wrong(lines, input);
      expect(problem).toMatchObject({ severity: "error", path: ["models", "m", "layers", ...place] });
      for (const word of words) expect(problem!.message).toContain(word);
    },
  );
});

test("a table that does not fit the positions is refused at its key", () => {
  const told = (offset: readonly (readonly number[])[]) => {
    const [problem] = wrong([{ type: "rescaling", scale: 1, offset: offset.map((row) => [...row]) }]);
    return [problem?.message, problem?.path.at(-1)];
  };
  expect(told([[1, 2], [1], [1, 2], [1, 2], [1, 2]])).toEqual([
    expect.stringContaining('"offset" has 1 numbers for 2 features.'),
    "offset",
  ]);
  expect(
    told([
      [1, 2],
      [1, 2],
    ]),
  ).toEqual([expect.stringContaining('"offset" has 2 lists for 5 timesteps.'), "offset"]);
});
