/** Sequences of different lengths, padded with zeros. */

import type { ZooEntry } from "../entry.ts";
import { adam, atData, dense, gru, lstm, net, rnn } from "./net.ts";
import { padded } from "./sequences.ts";

const kind = "padding";
const cause = { codes: ["padding"], places: atData } as const;
const mask = { type: "masking", maskValue: 0 };
const training = adam(0.01);

/** The sum of the last two real values, followed by eighteen or more zeros. */
const manyToOne = padded({ length: 24, longest: 6 }, (real) => [Math.tanh((real.at(-1) ?? 0) + (real.at(-2) ?? 0))]);
/** For every real timestep, whether it is greater than the previous one: 1 or 2; 0 for padding. */
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
      because: "the input was read long before the zeros end",
      data: manyToOne,
      layers: [recurrent, dense(1)],
      training,
      steps,
      cause,
      healed: { layers: [mask, recurrent, dense(1)] },
      // The gradient really vanishes, on its way over the padding.
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
    because: "the control: the relevant part is read last",
    data: padded({ length: 20, longest: 18, atStart: true }, (real) => [
      Math.tanh((real.at(-1) ?? 0) + (real.at(-2) ?? 0)),
    ]),
    layers: [gru(8), dense(1)],
    training,
    cause: null,
    // Whether this is worth reporting is debatable.
    unknown: ["padding"],
  }),
];
