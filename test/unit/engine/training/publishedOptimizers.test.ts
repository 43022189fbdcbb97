/** Each optimizer against its published update on f(w) = ½ Σ aᵢ wᵢ², whose gradient is aᵢ wᵢ. */

import { expect, test } from "vitest";
import type { OptimizerConfig } from "../../../../src/config/resolved.ts";
import { createOptimizer } from "../../../../src/engine/training/optimizers.ts";

const curvature = [1, 10];
const start = [1, -0.5];
const steps = 5;

/** One weight's update: takes the gradient, its own memory and the weight, returns the change. */
type Update = (g: number, memory: number[], step: number, weight: number) => number;

const cases: readonly [string, OptimizerConfig, Update][] = [
  ["sgd", { type: "sgd", learningRate: 0.1 }, (g) => -0.1 * g],
  [
    "momentum",
    { type: "momentum", learningRate: 0.05, momentum: 0.9, nesterov: false },
    (g, m) => {
      m[0] = 0.9 * (m[0] ?? 0) + g;
      return -0.05 * m[0];
    },
  ],
  [
    "Nesterov's momentum",
    { type: "momentum", learningRate: 0.05, momentum: 0.9, nesterov: true },
    (g, m) => {
      m[0] = 0.9 * (m[0] ?? 0) + g;
      return -0.05 * (g + 0.9 * m[0]);
    },
  ],
  [
    "rmsprop",
    { type: "rmsprop", learningRate: 0.05, decay: 0.8, momentum: 0.5, epsilon: 1e-3, centered: false },
    (g, m) => {
      m[0] = 0.8 * (m[0] ?? 0) + 0.2 * g * g;
      m[1] = 0.5 * (m[1] ?? 0) + (0.05 * g) / Math.sqrt(m[0] + 1e-3);
      return -m[1];
    },
  ],
  [
    "centered rmsprop",
    { type: "rmsprop", learningRate: 0.05, decay: 0.8, momentum: 0, epsilon: 1e-3, centered: true },
    (g, m) => {
      m[0] = 0.8 * (m[0] ?? 0) + 0.2 * g * g;
      m[1] = 0.8 * (m[1] ?? 0) + 0.2 * g;
      return (-0.05 * g) / Math.sqrt(m[0] - m[1] ** 2 + 1e-3);
    },
  ],
  [
    "adagrad",
    { type: "adagrad", learningRate: 0.3, initialAccumulator: 0.2 },
    (g, m) => {
      m[0] = (m[0] ?? 0.2) + g * g;
      return (-0.3 * g) / Math.sqrt(m[0] + 1e-7);
    },
  ],
  [
    "adadelta",
    { type: "adadelta", learningRate: 0.7, rho: 0.9, epsilon: 1e-2 },
    (g, m) => {
      m[0] = 0.9 * (m[0] ?? 0) + 0.1 * g * g;
      const update = (Math.sqrt((m[1] ?? 0) + 1e-2) / Math.sqrt(m[0] + 1e-2)) * g;
      m[1] = 0.9 * (m[1] ?? 0) + 0.1 * update * update;
      return -0.7 * update;
    },
  ],
  [
    "adam",
    { type: "adam", learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 },
    (g, m, t) => {
      m[0] = 0.8 * (m[0] ?? 0) + 0.2 * g;
      m[1] = 0.95 * (m[1] ?? 0) + 0.05 * g * g;
      return (-0.1 * (m[0] / (1 - 0.8 ** t))) / (Math.sqrt(m[1] / (1 - 0.95 ** t)) + 1e-3);
    },
  ],
  [
    "adamw",
    { type: "adamw", learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.3 },
    (g, m, t, w) => {
      m[0] = 0.8 * (m[0] ?? 0) + 0.2 * g;
      m[1] = 0.95 * (m[1] ?? 0) + 0.05 * g * g;
      return -0.1 * (m[0] / (1 - 0.8 ** t) / (Math.sqrt(m[1] / (1 - 0.95 ** t)) + 1e-3) + 0.3 * w);
    },
  ],
  [
    "adamax",
    { type: "adamax", learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 },
    (g, m, t) => {
      m[0] = 0.8 * (m[0] ?? 0) + 0.2 * g;
      m[1] = Math.max(0.95 * (m[1] ?? 0), Math.abs(g));
      return (-0.1 / (1 - 0.8 ** t)) * (m[0] / (m[1] + 1e-3));
    },
  ],
];

test.each(cases)("%s takes its published steps", (_, config, update) => {
  const optimizer = createOptimizer(config);
  let weights: Float32Array[] = [Float32Array.from(start)];
  let expected = [...start];
  const memory: number[][] = start.map(() => []);
  for (let step = 1; step <= steps; step++) {
    weights = optimizer.update(weights, [weights[0]!.map((w, i) => curvature[i]! * w)]);
    expected = expected.map((w, i) => w + update(curvature[i]! * w, memory[i]!, step, w));
    for (const [i, w] of expected.entries()) expect(weights[0]![i]).toBeCloseTo(w, 4);
  }
  expect(expected[0]).not.toBeCloseTo(start[0]!, 2);
});

test.each(cases)("%s scales its update by the given learning rate", (_, config) => {
  const gradients = [Float32Array.of(0.3, -2)];
  const weights = [Float32Array.from(start)];
  const whole = createOptimizer(config).update(weights, gradients)[0]!;
  const half = createOptimizer(config).update(weights, gradients, config.learningRate / 2)[0]!;
  for (const [i, w] of start.entries()) expect((half[i]! - w) / (whole[i]! - w)).toBeCloseTo(0.5, 3);
});

test("adamw shrinks a weight with zero gradient only by learning rate × weight decay", () => {
  const optimizer = createOptimizer({
    type: "adamw",
    learningRate: 0.1,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    weightDecay: 0.2,
  });
  let weights: Float32Array[] = [Float32Array.from(start)];
  for (let step = 1; step <= 3; step++) weights = optimizer.update(weights, [new Float32Array(start.length)]);
  for (const [i, w] of start.entries()) expect(weights[0]![i]).toBeCloseTo(w * 0.98 ** 3, 6);
});

test.each(cases.filter(([, { type }]) => type !== "adamw"))(
  "%s does not move a weight with zero gradient",
  (_, config) => {
    const optimizer = createOptimizer(config);
    let weights: Float32Array[] = [Float32Array.from(start)];
    for (let step = 1; step <= 3; step++) weights = optimizer.update(weights, [new Float32Array(start.length)]);
    expect([...weights[0]!]).toEqual(start);
  },
);
