import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { faultProblem, LayerFault } from "../../../../src/engine/model/layerFault.ts";
import { captureConsole } from "../../../../src/engine/process/captureConsole.ts";
import { entries, type LayerLine } from "../entries.ts";

beforeAll(async () => {
  await initBackend("cpu");
});

const build = (...layers: readonly LayerLine[]) => buildModel(entries(...layers), [8, 16], 1);

describe("a layer inside timeDistributed", () => {
  it.each([
    [{ type: "selfAttention", heads: 4 }, "a sequence"],
    [{ type: "lstm", units: 3 }, "a sequence"],
    [{ type: "conv1d", filters: 2, kernelSize: 3 }, "a sequence"],
    [{ type: "conv2d", filters: 2, kernelSize: 3 }, "3 axes"],
    [{ type: "positionalEncoding" }, "a sequence"],
    [{ type: "globalAveragePooling1d" }, "a sequence"],
  ])("is refused at its place if a timestep is not enough for it: %j", (layer, words) => {
    const built = build({ type: "dense", units: 16 }, { type: "timeDistributed", layer });
    expect(built).toMatchObject([{ message: expect.stringContaining(words), severity: "error" }]);
    if (Array.isArray(built)) expect(built[0]?.path.slice(-2)).toEqual(["layer", "type"]);
  });

  it("is accepted if it is", () => {
    for (const [type, units] of [
      ["dense", 3],
      ["layerNormalization", null],
    ] as const) {
      const layer = units === null ? { type } : { type, units };
      const built = build({ type: "timeDistributed", layer });
      expect(built).toHaveProperty("parameters");
      if (!Array.isArray(built)) built.dispose();
    }
  });
});

describe("an error that a layer throws", () => {
  it("is reported with the name and the place of the innermost layer", () => {
    const built = build({ type: "timeDistributed", layer: { type: "dense", units: 3 } });
    if (Array.isArray(built)) throw new Error("The model was refused.");
    const dense = built.layers.find(({ type }) => type === "dense");
    const kernel = dense?.layer.weights[0];
    if (!dense || !kernel) throw new Error("There is no dense layer.");
    // Simulates a defect: a disposed weight.
    kernel.dispose();
    try {
      tf.tidy(() => built.model.predict(tf.zeros([2, 8, 16])));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LayerFault);
      expect(faultProblem(error, built)).toMatchObject({
        message: expect.stringMatching(/^"\w+\/dense" \(dense\) cannot compute what it gets: /),
        path: [...dense.path, "type"],
      });
    }
    expect(faultProblem(new Error("other"), built)).toBeNull();
  });

  it.each(["at once", "for an input"])("has its place if the gradient throws, %s", (when) => {
    const built = build({ type: "timeDistributed", layer: { type: "dense", units: 3, activation: "tanh" } });
    if (Array.isArray(built)) throw new Error("The model was refused.");
    const inner = built.layers.find(({ name }) => name.includes("/"));
    if (!inner) throw new Error("There is no inner layer.");
    const fail = (): tf.Tensor => {
      throw new Error("no such gradient");
    };
    const broken = tf.customGrad((x) => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: () => (when === "at once" ? fail() : tf.zeros([1, 2, 3])),
    }));
    // Simulates a defect: the activation's gradient fails, or has another shape.
    Object.defineProperty(Reflect.get(inner.layer, "activation"), "apply", { value: broken });
    const run = () =>
      tf.variableGrads(() => {
        const out = built.model.apply(tf.zeros([2, 8, 16]), { training: true });
        return tf.sum<tf.Scalar>(out as tf.Tensor);
      });
    try {
      tf.tidy(() => run());
      expect.unreachable();
    } catch (error) {
      expect(faultProblem(error, built)).toMatchObject({
        message: expect.stringMatching(/^"\w+\/dense" \(dense\) cannot compute the gradient of what it gets: /),
        path: [...inner.path, "type"],
      });
    }
  });
});

describe("the console", () => {
  const methods = (["log", "info", "warn", "error", "debug"] as const).map((key) => [key, console[key]] as const);
  afterAll(() => {
    for (const [key, value] of methods) console[key] = value;
  });

  it("goes only to the log, and to no more messages than a log can take", () => {
    const heard: string[] = [];
    captureConsole((level, message) => heard.push(`${level}: ${message}`));
    // tfjs warns about this and continues.
    const input = tfl.input({ shape: [8, 16] });
    tfl.layers.dense({ units: 1, inputDim: 61 }).apply(input);
    expect(heard.join("\n")).toMatch(/^warning: The rank of the input tensor/);
    for (let i = 0; i < 1000; i++) console.error("x".repeat(1e5));
    expect(heard.length).toBe(200);
    expect(heard.join("").length).toBeLessThan(500_000);
  });
});
