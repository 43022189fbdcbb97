import * as tf from "@tensorflow/tfjs-layers";
import { describe, expect, it } from "vitest";
import "../../../src/engine/layers/activations.ts";
import { sharedType } from "../../../src/config/graph/sharedLayers.ts";
import { denseRecurrentTypes, factsOf, layerCatalogue } from "../../../src/config/layerCatalogue.ts";
import { isDenseRecurrent } from "../../../src/config/layerKinds.ts";
import { constraintNames } from "../../../src/config/schema/constraints.ts";
import {
  gateBiasInitializer,
  initializer,
  initializerNames,
  initializerSchemas,
} from "../../../src/config/schema/initializers.ts";
import {
  argumentsOf,
  cells,
  defaultsOf,
  layerGroups,
  layerSchema,
  layerTypes,
} from "../../../src/config/schema/layers/index.ts";
import { activationNames } from "../../../src/config/schema/names.ts";
import { regularizerNames } from "../../../src/config/schema/regularizers.ts";
import { ownTypes } from "../../../src/engine/layers/factories.ts";

/** The required arguments of each factory. */
const needed: { readonly [argument: string]: unknown } = {
  units: 3,
  filters: 3,
  kernelSize: 2,
  n: 2,
  rate: 0.5,
  stddev: 1,
  scale: 1,
  targetShape: [3],
  dims: [2, 1],
  axes: 1,
  inputDim: 4,
  outputDim: 3,
  cropping: 1,
  height: 2,
  width: 2,
  numTokens: 3,
  factor: 0.1,
  activation: "tanh",
};

type Factory = (args: object) => { getConfig(): { readonly [key: string]: unknown }; getClassName(): string };

function factory(type: string): Factory {
  const made: unknown = Reflect.get(tf.layers, type);
  if (typeof made !== "function") throw new Error(`tf.layers has no ${type}`);
  return made as Factory;
}

function construct(type: string, required: readonly string[]) {
  const args: { [key: string]: unknown } = {};
  for (const name of required) if (name in needed) args[name] = needed[name];
  if (required.includes("layer")) args["layer"] = tf.layers.lstm({ units: 3 });
  if (required.includes("cell")) args["cell"] = tf.layers.lstmCell({ units: 3 });
  if (required.includes("cells")) args["cells"] = [tf.layers.lstmCell({ units: 3 })];
  if (type === "inputLayer") args["inputShape"] = [3];
  return factory(type)(args);
}

function build(type: string, required: readonly string[]) {
  return construct(type, required).getConfig();
}

describe("layers", () => {
  it("have no argument that tfjs accepts but refuses to compute with", () => {
    for (const { layers } of layerGroups)
      for (const { shape } of layers) expect(Object.keys(shape)).not.toContain("activityRegularizer");
  });

  it("are all the factories of tf.layers, and our own", () => {
    const others = ["Layer", "RNN", "RNNCell", "input"];
    const factories = Object.keys(tf.layers).filter((name) => !others.includes(name));
    const made = layerTypes.filter((type) => type !== sharedType);
    expect([...made, ...cells.map((cell) => cell.shape.type.value)].sort()).toEqual([...factories, ...ownTypes].sort());
  });

  it("have their facts in the catalogue, which has no others", () => {
    const types = [...layerTypes, ...cells.map((cell) => cell.shape.type.value)];
    expect(Object.keys(layerCatalogue).sort()).toEqual(types.sort());
    expect(factsOf("MAXPOOLING1D")).toBe(factsOf("maxPool1d"));
    expect(types.filter((type) => isDenseRecurrent({ type })).sort()).toEqual([...denseRecurrentTypes].sort());
  });

  it("have the classes of tf.layers, under every name", () => {
    const known = [...layerTypes, ...cells.map((cell) => cell.shape.type.value)].flatMap((type) => {
      const { className = null } = factsOf(type) ?? {};
      return className === null || ownTypes.includes(type) ? [] : [{ type, className }];
    });
    expect(known.length).toBeGreaterThan(60);
    for (const { type, className } of known) {
      const schema = [...layerGroups.flatMap(({ layers }) => layers), ...cells].find(
        ({ shape }) => shape.type.value === type,
      );
      const required = Object.entries(schema?.shape ?? {}).flatMap(([name, arg]) =>
        arg.safeParse(undefined).success ? [] : [name],
      );
      expect(construct(type, required).getClassName(), type).toBe(className);
    }
  });

  it("that are our own get the documented defaults", () => {
    expect(defaultsOf("externalMemory")).toMatchObject({
      slots: 32,
      controller: "lstm",
      memoryInitializer: "randomNormal",
    });
    for (const type of ownTypes) {
      const known = argumentsOf(type);
      const given = {
        units: 3,
        heads: 1,
        filters: 2,
        kernelSize: 2,
        by: type === "compare" ? "greater" : "mean",
        equation: "abc,cd->abd",
        outputShape: [null, 2],
        function: "log",
        exponent: 2,
        low: 0,
        high: 1,
      };
      const required = Object.entries(given).filter(([name]) => known.has(name));
      expect(layerSchema.safeParse({ type, ...Object.fromEntries(required), ...defaultsOf(type) }).success, type).toBe(
        true,
      );
    }
  });

  it("document tfjs's defaults", () => {
    let compared = 0;
    const all = [...layerGroups.flatMap((group) => group.layers), ...cells];
    for (const schema of all) {
      const type = schema.shape.type.value;
      if (ownTypes.includes(type) || type === sharedType) continue;
      const args = Object.entries(schema.shape).map(([name, arg]) => ({
        name,
        meta: arg.meta(),
        optional: arg.safeParse(undefined).success,
      }));
      const config = build(
        type,
        args.filter((arg) => !arg.optional).map((arg) => arg.name),
      );
      for (const { name, meta } of args) {
        if (meta?.["default"] === undefined || config[name] === undefined) continue;
        expect(plain(config[name]), `${type}.${name}`).toEqual(
          plain(name.endsWith("Initializer") ? named(meta["default"]) : meta["default"]),
        );
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(300);
  });

  it("say that an LSTM's forget gate starts at 0 in tfjs", () => {
    expect(Boolean(tf.layers.lstm({ units: 2 }).getConfig()["unitForgetBias"])).toBe(false);
    const documented = [...layerGroups[0]!.layers, ...cells].filter(
      (schema) => "unitForgetBias" in schema.shape && "recurrentActivation" in schema.shape,
    );
    expect(documented.map((schema) => schema.shape["unitForgetBias"]?.meta()?.["default"])).toEqual(
      documented.map(() => false),
    );
    expect(documented).toHaveLength(4);
  });

  it("say for every gate how Keras differs", () => {
    const gated = [...layerGroups[0]!.layers, ...cells].filter((schema) => "recurrentActivation" in schema.shape);
    expect(gated.length).toBe(6);
    for (const schema of gated)
      expect(schema.shape["recurrentActivation"]?.description).toMatch(/hardSigmoid.*Keras's is `sigmoid`/);
    const ofTfjs = layerGroups[0]!.layers.filter((schema) => !ownTypes.includes(schema.shape.type.value));
    for (const schema of ofTfjs) expect(schema.description).toMatch(/hardSigmoid.*Keras's is sigmoid/);
  });

  it("describe every argument", () => {
    for (const schema of layerGroups.flatMap((group) => group.layers))
      for (const [name, arg] of Object.entries(schema.shape))
        if (name !== "type") expect(arg.description, `${schema.shape.type.value}.${name}`).toBeTruthy();
  });
});

describe("names", () => {
  it("of activations are known to tfjs", () => {
    for (const activation of activationNames)
      expect(tf.layers.activation({ activation: activation as "relu" }).getConfig()["activation"]).toBe(activation);
  });

  it("of initializers beyond tfjs's are this project's own", () => {
    const own = initializerSchemas.map((schema) => schema.safeParse({ type: "chrono", maxLag: 50 }).success);
    expect(own.filter(Boolean)).toHaveLength(1);
    expect(initializer.safeParse({ type: "chrono", maxLag: 50 }).success).toBe(false);
    expect(gateBiasInitializer.safeParse({ type: "chrono", maxLag: 50 }).success).toBe(true);
    for (const maxLag of [2, 0, 50.5, "50", undefined])
      expect(gateBiasInitializer.safeParse({ type: "chrono", maxLag }).success).toBe(false);
    expect(gateBiasInitializer.safeParse("chrono").success).toBe(false);
  });

  it("of initializers, regularizers and constraints are tfjs's", () => {
    expect([...initializerNames].sort()).toEqual(Object.keys(tf.initializers).sort());
    expect([...regularizerNames].sort()).toEqual(Object.keys(tf.regularizers).sort());
    expect([...constraintNames].sort()).toEqual(Object.keys(tf.constraints).sort());
  });
});

/** An initializer in getConfig's form. */
function named(name: unknown): unknown {
  return tf.layers.dense({ units: 1, kernelInitializer: String(name) as "zeros" }).getConfig()["kernelInitializer"];
}

/** One number for all dimensions is the same as a list of equal ones. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [first, ...rest] = value.map(plain);
    return rest.every((item) => JSON.stringify(item) === JSON.stringify(first)) ? first : value.map(plain);
  }
  return typeof value === "object" && value !== null ? JSON.parse(JSON.stringify(value)) : value;
}
