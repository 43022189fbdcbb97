/** Sequences of different lengths, filled up with zeros. */

import type { ZooEntry } from "../entry.ts";
import { adam, atData, dense, gru, lstm, net, rnn } from "./net.ts";
import { padded } from "./sequences.ts";

const kind = "padding";
const cause = { codes: ["padding"], places: atData } as const;
const mask = { type: "masking", maskValue: 0 };
const training = adam(0.01);

/** The sum of the last two real values, after which come eighteen or more zeros. */
const manyToOne = padded({ length: 24, longest: 6 }, (real) => [Math.tanh((real.at(-1) ?? 0) + (real.at(-2) ?? 0))]);
/** Of every real timestep: is it greater than the one before? 1 or 2; 0 for padding. */
const labelling = padded({ length: 20, longest: 6 }, (real) =>
  real.map((value, t) => (value > (real[t - 1] ?? 0) ? 2 : 1)),
);
const steps = 250;

const unmasked = {
  "sigmoid simpleRNN": rnn(16, { activation: "sigmoid" }),
  "simpleRNN with a small recurrence": rnn(16, { recurrentInitializer: { type: "randomNormal", stddev: 0.05 } }),
  "gru that replaces": gru(8, { biasInitializer: { type: "constant", value: -2 } }),
  "lstm that forgets": lstm(8, { unitForgetBias: false, biasInitializer: { type: "constant", value: -1 } }),
};

export const padding: readonly ZooEntry[] = [
  ...Object.entries(unmasked).map(([type, recurrent]) =>
    net(kind, {
      name: `unmasked padding, ${type}`,
      because: "what was read is long past when the zeros end",
      data: manyToOne,
      layers: [recurrent, dense(1)],
      training,
      steps,
      cause,
      healed: { layers: [mask, recurrent, dense(1)] },
      // The gradient does vanish, on its way over the padding.
      unknown: ["vanishing-through-time"],
    }),
  ),
  ...Object.entries({ simpleRNN: rnn(16), lstm: lstm(8), gru: gru(8) }).map(([type, recurrent]) =>
    net(kind, {
      name: `masked padding, ${type}`,
      because: "the control: padding is skipped",
      data: manyToOne,
      layers: [mask, recurrent, dense(1)],
      training,
      steps,
      cause: null,
    }),
  ),
  net(kind, {
    name: "masked labelling",
    because: "the control: a label for each real timestep, padding is skipped",
    data: labelling,
    layers: [mask, gru(12, { returnSequences: true }), dense(3, "softmax")],
    training: { ...training, loss: "sparseCategoricalCrossentropy" },
    steps,
    cause: null,
  }),
  net(kind, {
    name: "zeros at the start",
    because: "the control: what matters is read last",
    data: padded({ length: 20, longest: 18, atStart: true }, (real) => [
      Math.tanh((real.at(-1) ?? 0) + (real.at(-2) ?? 0)),
    ]),
    layers: [gru(8), dense(1)],
    training,
    cause: null,
    // Whether it is worth a remark is a matter of taste.
    unknown: ["padding"],
  }),
];
