import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import "@tensorflow/tfjs-backend-cpu";
// Registers the activations that tfjs lacks.
import "../../../src/engine/layers/activations.ts";
import { beforeAll, describe, expect, it } from "vitest";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { budget } from "../../budget.ts";
import { random, randomArrays, randomSpec, relativeDifference, someKernels } from "./helpers.ts";
import { type Arrays, reference } from "./reference.ts";

let kernels: Kernels;
beforeAll(async () => {
  await tf.setBackend("cpu");
  kernels = await someKernels();
});

interface Pass {
  readonly outputs: { readonly [name: string]: Float32Array };
  readonly gradients: { readonly [name: string]: Float32Array };
}

/** tfjs's own layer and autodiff, with L = Σ output ∘ its given gradient. */
function tfjsPass(spec: RecurrentSpec, arrays: Arrays): Pass {
  const { timesteps: T, batch: B, inputs: D, units: H } = spec;
  const { activation, recurrentActivation = "hardSigmoid" } = spec;
  if (activation === "exponential" || recurrentActivation === "exponential")
    throw new Error("tfjs has no exponential activation");
  return tf.tidy(() => {
    const args = {
      units: H,
      recurrentInitializer: "zeros" as const,
      activation: activation as "tanh",
      useBias: spec.useBias ?? true,
      returnSequences: spec.sequences ?? false,
      returnState: true,
      goBackwards: spec.goBackwards ?? false,
    };
    const gates = { ...args, recurrentActivation: recurrentActivation as "tanh" };
    const layer =
      spec.kind === "simpleRNN"
        ? layers.simpleRNN(args)
        : spec.kind === "lstm"
          ? layers.lstm(gates)
          : layers.gru(gates);
    layer.apply(tf.zeros([B, T, D]));
    const G = arrays.kernel.length / D;
    const weights = [tf.tensor2d(arrays.kernel, [D, G]), tf.tensor2d(arrays.recurrentKernel, [H, G])];
    layer.setWeights([...weights, ...(arrays.bias ? [tf.tensor1d(arrays.bias)] : [])]);
    const state = (values: Float32Array | undefined): tf.Tensor =>
      tf.tensor2d(values ?? new Float32Array(B * H), [B, H]);
    const names = spec.kind === "lstm" ? (["h0", "c0"] as const) : (["h0"] as const);
    const given = [tf.tensor3d(arrays.x, [B, T, D]), ...names.map((name) => state(arrays[name]))];
    // tfjs cannot differentiate its own unstack of a single timestep.
    const variables = given.map((value, i) => (i === 0 && T === 1 ? value : tf.variable(value, true)));

    const outputs: { [name: string]: Float32Array } = {};
    const { grads } = tf.variableGrads(() => {
      const [x, ...initialState] = variables;
      const result = layer.apply(x!, { initialState });
      if (!Array.isArray(result)) throw new Error("returnState gives several outputs");
      const [output, h, c] = result.map((value) => {
        if (!(value instanceof tf.Tensor)) throw new Error("tensors in, tensors out");
        return value;
      });
      outputs["output"] = new Float32Array(output!.dataSync());
      const losses: tf.Scalar[] = [];
      const add = (value: tf.Tensor | undefined, gradient: Float32Array | undefined): void => {
        if (value && gradient) losses.push(tf.sum<tf.Scalar>(tf.mul(value, tf.tensor(gradient, value.shape))));
      };
      if (spec.sequences) add(output, arrays.dSequence);
      add(h, arrays.dh);
      add(c, arrays.dc);
      return tf.addN(losses);
    });
    const gradients: { [name: string]: Float32Array } = {};
    const read = (name: string, variable: tf.Tensor | undefined): void => {
      const gradient = variable instanceof tf.Variable ? grads[variable.name] : undefined;
      if (gradient) gradients[name] = new Float32Array(gradient.dataSync());
    };
    for (const [i, name] of ["x", ...names].entries()) read(name, variables[i]);
    for (const [i, name] of ["kernel", "recurrentKernel", "bias"].entries())
      read(name, layer.trainableWeights[i]?.read());
    layer.dispose();
    for (const value of variables) value.dispose();
    return { outputs, gradients };
  });
}

function kernelPass(spec: RecurrentSpec, arrays: Arrays): Pass {
  const plan = kernels.plan(spec);
  const { h, sequence } = plan.forward(arrays);
  const outputs = { output: (sequence ?? h).slice() };
  const found = plan.backward({ sequence: arrays.dSequence, h: arrays.dh, c: arrays.dc });
  const gradients: { [name: string]: Float32Array } = {};
  for (const name of ["x", "kernel", "recurrentKernel", "bias", "h0", "c0"] as const) {
    const values = found[name];
    if (values) gradients[name] = values.slice();
  }
  plan.release();
  return { outputs, gradients };
}

/** The specs that tfjs supports: no peepholes, the reset before the product. */
function tfjsSpec(kind: RecurrentSpec["kind"], next: () => number): RecurrentSpec {
  return {
    ...randomSpec(kind, next),
    resetAfter: false,
    peepholes: false,
    inputGradient: true,
    timesteps: 1 + Math.floor(next() * 5),
  };
}

const kinds = ["simpleRNN", "lstm", "gru"] as const;

describe("tfjs's autodiff on the CPU backend", () => {
  it.each(kinds)("gives the same results for many random shapes and settings of a %s", (kind) => {
    const next = random(100 + kind.length);
    for (let i = 0; i < budget(3, 200, 7); i++) {
      const spec = tfjsSpec(kind, next);
      const arrays = randomArrays(spec, next);
      const ours = kernelPass(spec, arrays);
      const theirs = tfjsPass(spec, arrays);
      expect(Object.keys(theirs.gradients).length).toBeGreaterThanOrEqual(spec.timesteps === 1 ? 3 : 4);
      for (const part of ["outputs", "gradients"] as const)
        for (const [name, values] of Object.entries(theirs[part])) {
          const by = relativeDifference(ours[part][name] ?? [], values);
          if (!(by < 1e-4)) expect.fail(`${part} ${name} off by ${by} in case ${i}: ${JSON.stringify(spec)}`);
        }
    }
  });

  it.each(kinds)("saturates a %s in the same way", (kind) => {
    const next = random(200);
    for (let i = 0; i < budget(4, 40, 8); i++) {
      // Gates without a limit would overflow instead.
      const gates = i % 2 ? "hardSigmoid" : "sigmoid";
      const spec: RecurrentSpec = { ...tfjsSpec(kind, next), recurrentActivation: gates };
      const arrays = randomArrays(spec, next);
      arrays.x = arrays.x.map((v) => v * 30);
      const ours = kernelPass(spec, arrays);
      const theirs = tfjsPass(spec, arrays);
      expect(relativeDifference(ours.outputs["output"]!, theirs.outputs["output"]!)).toBeLessThan(1e-4);
      for (const [name, values] of Object.entries(theirs.gradients)) {
        // 1 − y² of a saturated unit is the rounding of y, so the rest is compared with the incoming gradient rather
        // than with itself.
        const size = Math.max(1, Math.hypot(...values));
        const difference = Math.hypot(...values.map((v, k) => v - ours.gradients[name]![k]!));
        if (!(difference / size < 1e-3))
          expect.fail(`${name} off by ${difference / size} in case ${i}: ${JSON.stringify(spec)}`);
      }
    }
  });

  it.each(kinds)("overflows a %s and reports it", (kind) => {
    const next = random(300);
    let overflows = 0;
    for (let i = 0; i < budget(4, 40, 8); i++) {
      const spec: RecurrentSpec = { ...tfjsSpec(kind, next), activation: i % 2 ? "relu" : "linear", timesteps: 5 };
      const arrays = randomArrays(spec, next);
      arrays.recurrentKernel = arrays.recurrentKernel.map((v) => v * 1e12);
      const ours = kernelPass(spec, arrays);
      const theirs = tfjsPass(spec, arrays);
      const broken = (part: Pass["outputs"]): boolean =>
        Object.values(part).some((values) => values.some((v) => !Number.isFinite(v)));
      if (broken(theirs.outputs)) expect(broken(ours.outputs)).toBe(true);
      if (!broken(theirs.gradients)) continue;
      overflows++;
      if (broken(ours.gradients)) continue;
      // tfjs's gradient overflowed on its way to a finite result (∞ × 0); then ours must be that result.
      const { gradients } = reference(spec, arrays);
      for (const name of ["x", "kernel", "recurrentKernel", "h0"] as const) {
        const by = relativeDifference(ours.gradients[name]!, gradients[name]);
        if (!(by < 1e-4)) expect.fail(`${name} finite but off by ${by} in case ${i}: ${JSON.stringify(spec)}`);
      }
    }
    expect(overflows).toBeGreaterThan(budget(2, 20, 4));
  });
});
