/** `data`: a built-in task or a CSV table. */

import * as z from "zod";
import { tableDefaults, taskDefaults } from "../defaults.ts";
import { maxSamples, maxSeed, maxTimesteps } from "../limits.ts";
import { entry, flag, inside, list, text, whole } from "./values.ts";
import { variants } from "./variants.ts";

const samples = whole(1, maxSamples)
  .default(taskDefaults.samples)
  .meta({ description: "How many sequences are made, once, from `seed`." });
const seed = whole(0, maxSeed)
  .default(taskDefaults.seed)
  .meta({ description: "Seed of the random numbers the sequences are made of: same seed, same data." });
const testText =
  "Share of the samples that is kept for testing, such as 0.2. The net never learns from them: the loss on them tells a rule that was learnt from samples that were learnt by heart. No effect on the gradient.";
const test = inside(0, 1).optional().meta({ description: testText });

export const addingProblemSchema = entry({
  task: z.literal("addingProblem"),
  length: whole(2, maxTimesteps)
    .default(taskDefaults.length)
    .meta({ description: "Timesteps T of a sequence. The required lag is T − 1." }),
  samples,
  seed,
  test,
}).meta({
  description:
    "The adding problem: T timesteps of (u, marker), u uniform in [0, 1), the marker 1 at one timestep of each half. The target is the sum of the two marked numbers.",
});

export const copyMemorySchema = entry({
  task: z.literal("copyMemory"),
  length: whole(1, maxTimesteps).default(taskDefaults.length).meta({
    description:
      "Timesteps between the symbols and their recall, the last of them the delimiter. A sequence has `length + 2 × symbols` timesteps.",
  }),
  symbols: whole(1, 1000).default(taskDefaults.symbols).meta({ description: "How many symbols are to be remembered." }),
  alphabet: whole(2, 1000).default(taskDefaults.alphabet).meta({
    description:
      "How many different symbols there are. The net has `alphabet + 2` classes: the symbols, the blank and the delimiter.",
  }),
  samples,
  seed,
  test,
}).meta({
  description:
    "Copy memory: `symbols` symbols, blanks, a delimiter; after the delimiter the symbols are to be written down in order.",
});

export const temporalOrderSchema = entry({
  task: z.literal("temporalOrder"),
  length: whole(10, maxTimesteps)
    .default(taskDefaults.length)
    .meta({ description: "Timesteps T of a sequence. The required lag is T − 1 − ⌊0.1 T⌋." }),
  samples,
  seed,
  test,
}).meta({
  description:
    "Temporal order: among distractors an A or B in [0.1 T, 0.2 T) and an A or B in [0.5 T, 0.6 T); which of the four orders was it?",
});

const columns = (expected: string) =>
  list(text("the name of a column"), expected).check((ctx) => {
    ctx.value.forEach((name, i) => {
      if (ctx.value.indexOf(name) < i)
        ctx.issues.push({ code: "custom", path: [i], input: name, message: "a column that is not listed yet" });
    });
  });

export const tableSchema = entry({
  file: text("the path of a CSV file").meta({
    description: "A CSV file with a header row; the path is relative to the config's folder.",
  }),
  inputs: columns("a list of column names").meta({ description: "The columns the net sees." }),
  targets: columns("a list of column names").meta({ description: "The columns the net is to give." }),
  window: whole(1, maxTimesteps).optional().meta({
    description: "Rows per sample, in order: the timesteps T. Without it each row is a sample without a time axis.",
  }),
  horizon: whole(0, maxTimesteps)
    .optional()
    .meta({
      description: `How many rows after the window's last row the target is taken; 0 is that row itself. Default: ${tableDefaults.horizonWithWindow} with a window, else ${tableDefaults.horizonWithoutWindow}.`,
    }),
  standardize: flag().default(tableDefaults.standardize).meta({
    description:
      "Subtract each column's mean and divide by its standard deviation, both taken from the rows that are learnt from. Targets that are classes stay as they are.",
  }),
  test: test.meta({
    description: `${testText} Of windows, and of rows whose target is in a later row, the last are kept, and those that overlap them are left out.`,
  }),
  shuffle: flag().optional().meta({
    description:
      "Which samples `test` keeps: drawn at random, always the same ones, or (false) the last ones. Default: true where each row is a sample by itself; samples in the order of time are never drawn. How the samples are shown in training is not affected: every epoch in a new order.",
  }),
}).meta({ description: "A table: a CSV file whose rows are samples, or timesteps when there is a `window`." });

export const taskSchema = variants({ key: "task", noun: "a task" }, [
  addingProblemSchema,
  copyMemorySchema,
  temporalOrderSchema,
]);
