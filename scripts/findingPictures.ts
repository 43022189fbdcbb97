// Draws the pictures of docs/findings.md from real shapes: curves computed from the formulas on the page.
//   node tools/ts.mjs scripts/findingPictures.ts
import fs from "node:fs";
import { type Curve, type Picture, svg } from "../tools/docs/pictureSvg.ts";

/** `n + 1` points of a function of 0 … 1. */
function curve(label: string, f: (t: number) => number, strong?: true, n = 60): Curve {
  const points = Array.from({ length: n + 1 }, (_, i) => [i / n, f(i / n)] as const);
  return strong ? { label, points, strong } : { label, points };
}

/** Decades on a scale from `low` at the bottom to `high` at the top. */
const decades = (value: number, low: number, high: number): number => (value - low) / (high - low);

/** A repeatable wobble of ±1. */
const wobble = (i: number): number => Math.sin(12.9898 * i * i);

const T = 100;
const through = (gain: number, low: number, high: number) => (t: number) =>
  decades(t * (T - 1) * Math.log10(gain), low, high);

const elu = (a: number): number => (a > 0 ? a : Math.exp(a) - 1);
const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));

const pictures: readonly Picture[] = [
  {
    file: "output-mismatch",
    title: "a sigmoid's output over its input, which ends at 1, and targets between 2.2 and 2.6 above it",
    x: "input of the unit, −5 to 5",
    y: "output",
    curves: [
      curve("sigmoid", (t) => sigmoid(10 * t - 5) / 3, true, 100),
      curve("targets", (t) => (2.4 + 0.2 * wobble(t * 60)) / 3, undefined, 60),
    ],
    levels: [{ y: 1 / 3, label: "1: the end of its range" }],
  },
  {
    file: "symmetric-units",
    title: "weights of units over steps: three from one start stay the same, three from random starts part",
    x: "step",
    y: "weight",
    curves: [
      curve("", (t) => 0.75 - 0.3 * t, undefined),
      curve("random", (t) => 0.45 + 0.4 * t * t, undefined),
      curve("", (t) => 0.3 - 0.2 * t, undefined),
      curve("all alike", (t) => 0.5 + 0.12 * (1 - Math.exp(-3 * t)), true),
    ],
  },
  {
    file: "post-norm-stack",
    title:
      "log of the gradient of each block's output at the initial weights, from the last block back: after the sums it falls by 1.17 per block, before each part it grows slowly",
    x: "blocks back",
    y: "decades",
    curves: [
      curve("post", (t) => decades(-11 * t * Math.log10(1.17), -1.2, 0.8), true, 11),
      curve("pre", (t) => decades(0.6 * t * t, -1.2, 0.8), undefined, 11),
    ],
    levels: [{ y: decades(0, -1.2, 0.8), label: "as at the last block" }],
  },
  {
    file: "vanishing-through-time",
    title: "log of the state gradient backward in time for three gains per timestep; two fall below a hundredth",
    x: "timesteps back",
    y: "decades",
    curves: [
      curve("γ = 0.996", through(0.996, -8, 1)),
      curve("γ = 0.94", through(0.94, -8, 1)),
      curve("γ = 0.84", through(0.84, -8, 1), true),
    ],
    levels: [{ y: decades(-2, -8, 1), label: "ε = 0.01" }],
  },
  {
    file: "exploding-through-time",
    title:
      "log of the state gradient backward in time; a gain of 1.38 per timestep passes a thousandfold after 21 timesteps",
    x: "timesteps back",
    y: "decades",
    curves: [curve("γ = 1.38", through(1.38, -1, 14), true), curve("γ = 1.07", through(1.07, -1, 14))],
    levels: [{ y: decades(3, -1, 14), label: "+3 decades" }],
  },
  {
    file: "exploding-gradient",
    title: "gradient norm over steps, level but for one step that jumps to twenty times the median",
    x: "step",
    y: "norm",
    curves: [curve("‖∇W‖", (t) => (Math.round(t * 120) === 78 ? 0.95 : 0.05 + 0.012 * wobble(t * 120)), true, 120)],
    levels: [{ y: 0.5, label: "10 × median" }],
  },
  {
    file: "non-finite",
    title: "norm of all gradients over the last steps: each ten times the one before, then no number any more",
    x: "step",
    y: "log norm",
    curves: [curve("then NaN", (t) => (t < 0.5 ? 0.15 + 0.02 * wobble(t * 60) : 0.15 + (t - 0.5) * 1.7), true)],
  },
  {
    file: "vanishing-through-depth",
    title:
      "log of the norm of each layer's output gradient, from the last layer back: a sigmoid loses a quarter decade or more at each layer",
    x: "layers back",
    y: "decades",
    curves: [
      curve("ReLU, He", () => decades(0, -6, 1), undefined, 9),
      curve("sigmoid", (t) => decades(9 * t * Math.log10(0.245), -6, 1), true, 9),
    ],
    levels: [{ y: decades(-3, -6, 1), label: "a thousandth" }],
  },
  {
    file: "exploding-through-depth",
    title:
      "log of the norm of each layer's output gradient, from the last layer back: 64 linear units of weights with standard deviation 1 multiply it by 8",
    x: "layers back",
    y: "decades",
    curves: [
      curve("stddev 1", (t) => decades(9 * t * Math.log10(8), -1, 9), true, 9),
      curve("Glorot", () => decades(0, -1, 9), undefined, 9),
    ],
    levels: [{ y: decades(3, -1, 9), label: "a thousand times" }],
  },
  {
    file: "dead-units",
    title: "ReLU and its slope: zero on the whole left side, where a dead unit's inputs all lie",
    x: "input of the unit, −4 to 4",
    y: "output",
    curves: [
      curve("elu", (t) => decades(elu(8 * t - 4), -1.2, 4), undefined, 80),
      curve("", (t) => decades(Math.max(0, 8 * t - 4), -1.2, 4), true, 80),
    ],
    levels: [{ y: decades(0, -1.2, 4), label: "ReLU: flat, no gradient passes" }],
  },
  {
    file: "saturated-units",
    title: "slope of tanh over its input: 1 in the middle, below 0.04 where the output is within 1 % of its ends",
    x: "input of the unit, −5 to 5",
    y: "slope",
    curves: [
      curve("sigmoid", (t) => ((s) => s * (1 - s))(sigmoid(10 * t - 5)), undefined, 100),
      curve("", (t) => 1 - Math.tanh(10 * t - 5) ** 2, true, 100),
    ],
    levels: [{ y: 0.04, label: "tanh: saturated" }],
  },
  {
    file: "saturated-gates",
    title:
      "what a forget gate leaves of the gradient along the cell: nothing after a few timesteps at 0.1, most of it at 0.99",
    x: "8 timesteps back",
    y: "decades",
    curves: [
      curve("f = 0.99", (t) => decades(8 * t * Math.log10(0.99), -8, 1)),
      curve("f = 0.5", (t) => decades(8 * t * Math.log10(0.5), -8, 1)),
      curve("f = 0.1", (t) => decades(8 * t * Math.log10(0.1), -8, 1), true),
    ],
    levels: [{ y: decades(-2, -8, 1), label: "ε = 0.01" }],
  },
  {
    file: "update-ratio",
    title: "log of the update's size relative to the weight over steps, between the limits 0.00001 and 0.1",
    x: "step",
    y: "decades",
    curves: [
      curve("usual", (t) => decades(-2.6 - 0.6 * t + 0.08 * wobble(t * 60), -7, 0)),
      curve("too small", (t) => decades(-5.9 + 0.08 * wobble(t * 60 + 3), -7, 0), true),
    ],
    levels: [
      { y: decades(-1, -7, 0), label: "1e-1" },
      { y: decades(-5, -7, 0), label: "1e-5" },
    ],
  },
  {
    file: "loss-plateau",
    title: "two losses: one stays at the baseline, one leaves it after a third of the run",
    x: "step",
    y: "loss",
    curves: [
      curve("stands still", (t) => 0.6 + 0.35 * Math.exp(-30 * t) + 0.015 * wobble(t * 90), true, 90),
      curve("learns", (t) => 0.05 + 0.55 / (1 + Math.exp(28 * (t - 0.4))) + 0.3 * Math.exp(-30 * t), undefined, 90),
    ],
    levels: [{ y: 0.6, label: "baseline" }],
  },
  {
    file: "loss-diverging",
    title: "log of a loss that falls at first and then grows past ten times its first value",
    x: "step",
    y: "log loss",
    curves: [curve("diverges", (t) => 0.3 - 0.25 * t + 0.9 * t ** 3 + 0.02 * wobble(t * 60), true)],
    levels: [{ y: 0.55, label: "10 × first" }],
  },
  {
    file: "nothing-to-learn",
    title: "the loss of a net and of a quick model of the same data: both end at the baseline, within noise",
    x: "step",
    y: "loss",
    curves: [
      curve("net", (t) => 0.55 + 0.4 * Math.exp(-25 * t) + 0.02 * wobble(t * 80), true, 80),
      curve("quick model", () => 0.54),
    ],
    levels: [{ y: 0.55, label: "baseline" }],
  },
  {
    file: "held-back",
    title:
      "how far a kernel moves in a run of gradient descent, over the limit of its gradient: in proportion to it below the usual norm, no farther above",
    x: "limit of the norm, a thousandth to ten times the usual one",
    y: "decades",
    curves: [curve("movement", (t) => decades(Math.min(0, 4 * t - 3), -3.2, 0.6), true)],
    levels: [{ y: decades(-1, -3.2, 0.6), label: "a tenth: hardly moves" }],
  },
  {
    file: "data-scale",
    title:
      "log of the largest stable learning rate of gradient descent over the log of the inputs' size, 0.1 to 1000: it falls with the square",
    x: "size of the inputs, 0.1 to 1000",
    y: "decades",
    // 2 / (1 + s²) belongs to the largest eigenvalue for one input of size s and a bias.
    curves: [curve("2 / λ", (t) => decades(Math.log10(2 / (1 + 10 ** (2 * (4 * t - 1)))), -6, 1), true)],
    levels: [{ y: decades(-2, -6, 1), label: "rate 0.01" }],
  },
  {
    file: "padding",
    title: "five sequences of 8, 3, 6, 2 and 5 timesteps, each filled up with zeros to 20",
    x: "timesteps",
    y: "samples",
    curves: [8, 3, 6, 2, 5].flatMap((length, i): Curve[] => {
      const level = 0.9 - 0.2 * i;
      return [
        {
          label: i === 2 ? "zeros" : "",
          points: [
            [length / 20, level],
            [1, level],
          ],
        },
        {
          label: "",
          points: [
            [0, level],
            [length / 20, level],
          ],
          strong: true,
        },
      ];
    }),
  },
];

fs.mkdirSync("docs/findings", { recursive: true });
for (const picture of pictures) fs.writeFileSync(`docs/findings/${picture.file}.svg`, svg(picture));
