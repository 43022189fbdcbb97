/** Jacobians of the cells against central differences of an independent float64 net. */

import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { activationFunctions } from "../../../../src/engine/deep/cells/activation.ts";
import { forward, type Matrix, type ReferenceLayer } from "../instrument/reference.ts";
import { type CellKind, cells, gatesOf, randomSequence } from "./sequences.ts";

const shape = { samples: 2, timesteps: 6, inputs: 2, units: 3 };
const { samples, timesteps, inputs, units } = shape;
const epsilon = 1e-5;

function matrix(values: Float64Array, columns: number): Matrix {
  return Array.from({ length: values.length / columns }, (_, i) => [
    ...values.subarray(i * columns, (i + 1) * columns),
  ]);
}

it.each(Object.entries(activationFunctions))("the slope of %s is that of its values", (_, { value, slope }) => {
  for (const x of [-3.3, -1.7, -0.4, 0.3, 1.2, 2.4, 7]) {
    const difference = (value(x + epsilon) - value(x - epsilon)) / (2 * epsilon);
    expect(Math.abs(slope(x, value(x)) - difference)).toBeLessThan(1e-7 * Math.max(1, Math.abs(difference)));
  }
});

describe.each<CellKind>(["simpleRNN", "gru", "resetAfterGru", "lstm", "peepholeLstm"])("%s", (kind) => {
  const sequence = randomSequence(kind, shape, 4);
  const trajectory = cells[kind](sequence);
  const { width } = trajectory;
  const layer: ReferenceLayer = {
    kind,
    kernel: matrix(sequence.kernel, gatesOf[kind] * units),
    recurrentKernel: matrix(sequence.recurrentKernel, gatesOf[kind] * units),
    bias: [...sequence.bias!],
    ...(kind === "peepholeLstm" ? { peepholes: matrix(sequence.peepholes, units) } : {}),
    ...(kind === "resetAfterGru" ? { recurrentBias: [...sequence.recurrentBias] } : {}),
    goBackwards: false,
  };
  const x = (b: number): Matrix =>
    matrix(sequence.x.subarray(b * timesteps * inputs, (b + 1) * timesteps * inputs), inputs);

  it("passes through the same states", () => {
    for (let b = 0; b < samples; b++)
      forward(layer, x(b), b, null, null).forEach((h, t) => {
        h.forEach((v, u) => {
          expect(trajectory.h[(b * timesteps + t) * units + u]).toBeCloseTo(v, 13);
        });
      });
  });

  it("carries gradients back like central differences, over one timestep and over several", () => {
    for (let b = 0; b < samples; b++) {
      // One row per unit of h_T.
      let rows = new Float64Array(units * width);
      for (let u = 0; u < units; u++) rows[u * width + u] = 1;
      const of = new Int32Array(units).fill(b);
      for (let t = timesteps; t >= 1; t--) {
        if (t < timesteps) {
          const next = new Float64Array(rows.length);
          trajectory.backward(t + 1, rows, of, next);
          rows = next;
        }
        const cell = new Float64Array(units * units);
        trajectory.cellGradient?.(t, rows, of, cell);
        for (const state of trajectory.states)
          for (let v = 0; v < units; v++) {
            const at = (amount: number): readonly number[] =>
              forward(layer, x(b), b, null, { layer, what: "state", state, t, b, u: v, amount }).at(-1)!;
            const [plus, minus] = [at(epsilon), at(-epsilon)];
            for (let u = 0; u < units; u++) {
              const expected = (plus[u]! - minus[u]!) / (2 * epsilon);
              const found = state === "h" ? rows[u * width + v]! : cell[u * units + v]!;
              expect(Math.abs(found - expected), `${state}, t ${t}`).toBeLessThan(1e-8);
            }
          }
      }
    }
  });

  it("carries perturbations forward by the transpose of the backward operator", () => {
    const random = createRandom(9);
    const count = 4;
    const of = Int32Array.from({ length: count }, (_, i) => i % samples);
    const make = (): Float64Array => Float64Array.from({ length: count * width }, () => random.normal());
    const [v, g] = [make(), make()];
    const [jv, gj] = [new Float64Array(v.length), new Float64Array(v.length)];
    for (let t = 2; t <= timesteps; t++) {
      trajectory.forward(t, v, of, jv);
      trajectory.backward(t, g, of, gj);
      for (let i = 0; i < count; i++) {
        let [one, other] = [0, 0];
        for (let k = i * width; k < (i + 1) * width; k++) {
          one += g[k]! * jv[k]!;
          other += gj[k]! * v[k]!;
        }
        expect(one).toBeCloseTo(other, 12);
      }
    }
  });
});
