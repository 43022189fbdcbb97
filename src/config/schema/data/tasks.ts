/** The built-in tasks whose answer is in the sequence: the net has to remember something early. */

import * as z from "zod";
import { taskDefaults } from "../../defaults.ts";
import { digitImages, maxTimesteps } from "../../limits.ts";
import { atLeast, entry, flag, whole } from "../values.ts";
import { samples, seed, testShare } from "./common.ts";

const common = { samples, seed, test: testShare() };

/** @param lag the required lag, as a function of T. */
const length = (min: number, lag: string) =>
  whole(min, maxTimesteps)
    .default(taskDefaults.length)
    .meta({
      description: `Number of timesteps T of a sequence. The required lag is ${lag}: a longer sequence needs a gradient that reaches farther.`,
    });

export const addingProblemSchema = entry({
  task: z.literal("addingProblem"),
  length: length(2, "T − 1"),
  ...common,
}).meta({
  description:
    "The adding problem: T timesteps of (u, marker), u uniform in [0, 1), the marker 1 at one timestep of each half. The target is the sum of the two marked numbers.",
});

export const copyMemorySchema = entry({
  task: z.literal("copyMemory"),
  length: whole(1, maxTimesteps).default(taskDefaults.length).meta({
    description:
      "Number of timesteps between the symbols and their recall; the last of them is the delimiter. A sequence has `length + 2 × symbols` timesteps.",
  }),
  symbols: whole(1, 1000).default(taskDefaults.symbols).meta({ description: "Number of symbols to remember." }),
  alphabet: whole(2, 1000).default(taskDefaults.alphabet).meta({
    description:
      "Number of different symbols. The net has `alphabet + 2` classes: the symbols, the blank and the delimiter.",
  }),
  ...common,
}).meta({
  description:
    "Copy memory: `symbols` symbols, blanks, a delimiter. After the delimiter the net has to repeat the symbols in order.",
});

export const temporalOrderSchema = entry({
  task: z.literal("temporalOrder"),
  length: length(10, "T − 1 − ⌊0.1 T⌋"),
  ...common,
}).meta({
  description:
    "Temporal order: among distractors there is an A or B in [0.1 T, 0.2 T) and an A or B in [0.5 T, 0.6 T). The net says which of the four orders it was.",
});

export const delayedRecallSchema = entry({
  task: z.literal("delayedRecall"),
  length: length(2, "T − `cue`"),
  cue: whole(1, maxTimesteps).default(taskDefaults.cue).meta({
    description: "Number of timesteps at the start that show the class; less than `length`.",
  }),
  noiseVariance: atLeast(0).default(taskDefaults.noiseVariance).meta({
    description: "Variance of the Gaussian noise after the cue. More noise makes the class harder to hold.",
  }),
  ...common,
}).meta({
  description:
    "Delayed recall, also called the latch: the first `cue` timesteps are 1 or −1 and show the class; Gaussian noise follows. At the end the net says which class it was.",
});

export const paritySchema = entry({
  task: z.literal("parity"),
  length: length(2, "T − 1"),
  ...common,
}).meta({
  description:
    "Parity: T timesteps of 1 or −1. The net says whether the number of ones is odd. Every timestep inverts the answer, so there is no part of it to learn first.",
});

export const sequentialDigitsSchema = entry({
  task: z.literal("sequentialDigits"),
  permute: flag().default(taskDefaults.permute).meta({
    description:
      "Read the pixels in a random order, the same for all images, drawn from `seed`. Neighbours are then far apart in time, and the gradient has to reach farther.",
  }),
  samples: whole(1, digitImages).default(digitImages).meta({ description: "Number of images to use." }),
  seed: seed.meta({ description: "Seed of the order of the images, and of the pixels if they are permuted." }),
  test: common.test,
}).meta({
  description:
    "Sequential digits: images of handwritten digits, 8 × 8 pixels, read as 64 timesteps of one pixel from 0 to 1, row by row from the top left. At the end the net says which of the ten digits it was.",
});
