/** The layer in a model of a config: reproducible, finite in degenerate cases, truncated on request. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { entries } from "../entries.ts";
import { backendNames, useBackend } from "../instrument/backends.ts";
import { KeepingRecorder, pass, state } from "../instrument/support.ts";

const shape = [6, 2];
const memory = { type: "externalMemory", units: 5, slots: 4, width: 3 };

function build(args: object = {}, seed = 3) {
  const built = buildModel(entries({ ...memory, ...args }, { type: "dense", units: 1 }), shape, seed);
  if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
  return built;
}

const squares = (y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(y, 1)));

/** Loss, gradients and figures of one pass. */
function once(args: object, x: tf.Tensor, truncate: number | null = null, seed = 3) {
  const built = build(args, seed);
  const recorder = new KeepingRecorder();
  const instrumentation = instrument(built.model, recorder, { truncate });
  const result = pass(built.model, squares, x, instrumentation);
  const measurement = recorder.only();
  instrumentation.remove();
  built.dispose();
  return { ...result, measurement };
}

describe.each(backendNames)("on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("gives the same figures for the same seed, and others for another", () => {
    const x = tf.randomNormal([3, ...shape], 0, 1, "float32", 5);
    const [a, b, other] = [once({}, x), once({}, x), once({}, x, null, 4)];
    expect(b).toEqual(a);
    expect(other.loss).not.toBe(a.loss);
    x.dispose();
  });

  it.each([
    ["a memory of zeros", { memoryInitializer: "zeros" }],
    ["keys of zeros", { headInitializer: "zeros" }],
    ["slots that are all alike, by content alone", { memoryInitializer: "ones", locationAddressing: false }],
    ["heads far in saturation", { headInitializer: { type: "constant", value: 300 } }],
    ["one slot", { slots: 1 }],
    ["one slot fewer than shifts", { slots: 2 }],
  ])("stays finite with %s", (_, args) => {
    const x = tf.randomNormal([3, ...shape], 0, 1, "float32", 5);
    const { loss, gradients, measurement } = once({ ...args, returnSequences: true }, x);
    expect(loss).toBeGreaterThan(0);
    for (const gradient of gradients) expect(gradient.every(Number.isFinite)).toBe(true);
    for (const { nonFinite, logNorm } of measurement.states) {
      expect(Math.max(...nonFinite)).toBe(0);
      expect(logNorm.some(Number.isNaN)).toBe(false);
    }
    x.dispose();
  });

  it("counts a NaN at its place", () => {
    const values = new Float32Array(3 * 6 * 2).fill(0.5);
    values[7] = Number.NaN;
    const x = tf.tensor(values, [3, ...shape]);
    const { measurement } = once({}, x);
    expect(state(measurement, "m").nonFinite.at(-1)).toBeGreaterThan(0);
    expect(state(measurement, "m").logNorm.at(-1)).toBeNaN();
    x.dispose();
  });

  it("cuts the walk back where training truncates it", () => {
    const x = tf.randomNormal([3, ...shape], 0, 1, "float32", 5);
    const whole = once({}, x);
    const cut = once({}, x, 4);
    for (const name of ["h", "c", "m"] as const) {
      const [all, some] = [state(whole.measurement, name).logNorm, state(cut.measurement, name).logNorm];
      expect([...some.subarray(0, 2)]).toEqual([-Infinity, -Infinity]);
      expect([...some.subarray(2)]).toEqual([...all.subarray(2)]);
    }
    expect(cut.loss).toBe(whole.loss);
    expect(cut.gradients).not.toEqual(whole.gradients);
    x.dispose();
  });

  it("leaves no tensor behind", () => {
    const x = tf.randomNormal([3, ...shape], 0, 1, "float32", 5);
    const before = tf.memory().numTensors;
    once({ returnSequences: true }, x);
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});

it("reports gates, a time-scale and a contribution per timestep like the LSTM inside it", async () => {
  await useBackend("cpu");
  const x = tf.randomNormal([3, ...shape], 0, 1, "float32", 5);
  const { measurement } = once({}, x);
  expect(measurement.gates.map((g) => g.name)).toEqual(["input", "forget", "output"]);
  // Its forget bias is 1: sigmoid of about 1, time-scale of about 1 / (1 − 0.73).
  for (const scale of measurement.timescale ?? []) expect(Math.abs(scale - 3.7)).toBeLessThan(1.5);
  expect(measurement.logContribution?.[0]).toBe(-Infinity);
  expect(measurement.logContribution?.slice(1).every(Number.isFinite)).toBe(true);
  x.dispose();
});

it("reports that it needs a sequence", () => {
  const built = buildModel(entries({ type: "dense", units: 3 }, memory, { type: "dense", units: 1 }), [4], 1);
  if (!Array.isArray(built)) throw new Error("a model of a vector was built");
  expect(built.map((p) => p.message).join()).toMatch(/needs a sequence/);
});
