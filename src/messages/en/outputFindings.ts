/** Findings about outputs that do not fit their loss or targets. */

import { count } from "../numberText.ts";

export const outputFindings = {
  notProbabilities: ({ loss, name, what }: { loss: string; name: string; what: string }) =>
    `"${loss}" takes probabilities, but ${name} is ${what}: its values are not`,
  notProbabilitiesWhy: ({
    isSoftmax,
    name,
    outside,
    activation,
  }: {
    isSoftmax: boolean;
    name: string;
    outside: string;
    activation: string;
  }) =>
    `Probabilities lie between 0 and 1${isSoftmax ? " and sum to 1" : ""}; the values of ${name} may be ${outside}. The loss is cut off there and passes no gradient, so a net that gets there stops learning. The activation that goes with this loss is ${activation}.`,
  below0: "below 0",
  above1: "above 1",
  classByClass: ({ loss, name, activation }: { loss: string; name: string; activation: null | string }) =>
    `"${loss}" takes a distribution over the classes, but ${name} (${activation}) judges each class by itself`,
  classByClassWhy:
    "The values of sigmoids do not sum to 1, so the loss divides them by their sum: the gradient then moves only their proportions, and all of them may stay small. If a sample has exactly one class, use softmax; if several classes may hold at once, use the loss binaryCrossentropy.",
  targetSum: ({ sum, name }: { sum: string; name: string }) =>
    `the targets of a sample sum to ${sum} on average, but the softmax of ${name} always sums to 1`,
  tiedTogether: ({ width, name }: { width: number; name: string }) =>
    `"binaryCrossentropy" judges each of the ${width} units of ${name} by itself, though its softmax ties them together`,
  tiedTogetherWhy:
    "Under a softmax one class can become more likely only if others become less likely. If several classes or none may hold, each unit needs a sigmoid.",
  tiedSmall:
    "The loss that goes with a softmax is categoricalCrossentropy. This one also learns, but with a gradient of another size.",
  notLogits: ({ loss, name, activation }: { loss: string; name: string; activation: null | string }) =>
    `"${loss}" takes logits ("fromLogits"), but ${name} (${activation}) gives probabilities`,
  notLogitsWhy:
    "The loss already applies the activation. Applied twice, it squeezes the probabilities together: the net can never be certain, and its gradient is several times too small.",
  deadOutput: ({ name, activation }: { name: string; activation: null | string }) =>
    `${name}, the output, is dead: ${activation} gives zero for every sample`,
  deadOutputWhy: (steps: number) =>
    `Over the newest ${count(steps, "step")} every output was exactly 0, where the activation is flat: no weight gets a gradient, and the net cannot change. Make the output of a regression linear, even if its targets are never below zero.`,
  labels: ({ first, last }: { first: number; last: number }) =>
    `class 0 never occurs: the labels run from ${first} to ${last}`,
  labelsWhy:
    "Class indices begin at 0, so the output has units that no sample uses. They cost a few weights and a little loss at the beginning. Check whether the labels should start at 0.",
  outOfReach: ({
    low,
    high,
    name,
    activation,
    range,
  }: {
    low: string;
    high: string;
    name: string;
    activation: string;
    range: string;
  }) => `the targets run from ${low} to ${high}, but ${name} (${activation}) can only give ${range}`,
  constantLoss: (loss: string) => `; the best constant answer has a loss of ${loss}`,
  outOfReachWhy: ({ share, leastLoss, constant }: { share: string; leastLoss: string; constant: string }) =>
    `${share} of the targets lie outside this range, where no weights can bring the output. The least loss within its range is ${leastLoss}${constant}. An output pushed to the end of its range is flat there, so the gradient vanishes, too. Make the output of a regression linear, or scale the targets into its range.`,
  notBelow: (from: string) => `nothing below ${from}`,
  fromTo: ({ from, to }: { from: string; to: string }) => `${from} to ${to}`,
  notAbove: (to: string) => `nothing above ${to}`,
  softmaxOfOne: (name: string) => `${name} is a softmax over one unit, which is always 1`,
  softmaxOfOneWhy:
    "A softmax divides each unit by the sum over all units. For one unit the result is 1, whatever goes in, and its slope is exactly 0: no gradient passes, and nothing before it can learn. A single unit that answers yes or no needs a sigmoid.",
  twice: (squash: string) => `a ${squash} after a ${squash}`,
  ofWhatGives: ({ squash, name, activation }: { squash: string; name: string; activation: null | string }) =>
    `a ${squash} of what ${name} (${activation}) gives`,
  canOnlyBe: ({ squashed, range }: { squashed: string; range: string }) => `${squashed} can only be ${range}`,
  squashedTwiceWhy: ({
    name,
    range,
    squash,
    low,
    high,
  }: {
    name: string;
    range: string;
    squash: string;
    low: string;
    high: string;
  }) =>
    `${name} gives ${range}, and a ${squash} of that ends at ${low} and ${high}: the net can never be certain of an answer, and the loss stays high. The input of a ${squash} should have no activation.`,
  softmaxState:
    "A softmax makes the units of the state share a sum of 1: each is about 1 / units, all move together, and hardly any gradient passes through time.",
  exponentialState: "An exponential grows without limit from timestep to timestep.",
  softplusState: "A softplus is never below 0 and grows without limit: the state can only pile up.",
  stateSoftmaxOfOne: (name: string) => `the state of ${name} is a softmax over one unit, which is always 1`,
  stateUnsuited: ({ activation, name }: { activation: null | string; name: string }) =>
    `${activation} does not suit the state of ${name}`,
  usualState: (reason: string) => `${reason} The usual one is tanh, within ±1 and with slope 1 at 0.`,
  gatesUnsuited: ({ gateActivation, name }: { gateActivation: string; name: string }) =>
    `${gateActivation} does not suit the gates of ${name}`,
  gatesUnsuitedWhy:
    "A gate is the share that passes, from 0 to 1. A value outside this range reverses the state's sign or amplifies it at every timestep, and an amplified state explodes. The usual one is sigmoid.",
  sharesOfWhole:
    "Under a softmax one output can grow only if others shrink: it gives shares of a whole. Make the output of a regression linear.",
};
