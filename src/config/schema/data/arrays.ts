/** Arrays in files as data. */

import * as z from "zod";
import { entry, flag, text } from "../values.ts";
import { classes, scalings, testShare } from "./common.ts";

const expected = "the path of a .npy, .npz or .json file";

/** @param usual the name looked for where the file holds several. */
const arrayFile = (usual: string) =>
  entry(
    {
      file: z
        .string({ error: expected })
        .regex(/\.(npy|npz|json)$/, { error: expected })
        .meta({ description: "An NPY, NPZ or JSON file; the path is relative to the config's folder." }),
      array: text("the name of an array in the file")
        .optional()
        .meta({
          description: `Which array of an NPZ file, or which key of an object in a JSON file. Default: the only one there is, else "${usual}".`,
        }),
    },
    'an object like { "file": "x.npy" }',
  );

export const arraysSchema = entry({
  inputs: arrayFile("inputs").meta({
    description:
      "What the net sees. The first axis counts the samples; the others are the shape of one: timesteps × features, or timesteps alone for an `embedding` layer. The timesteps are how far the gradient has to travel.",
  }),
  targets: arrayFile("targets").meta({
    description: "What the net is to give. The first axis counts the samples, as many as the inputs have.",
  }),
  ...scalings(
    "feature",
    "all timesteps of the samples that are learnt from, but for padding: rows of zeros at one end of the samples stay zeros and do not count",
  ),
  classes,
  weights: arrayFile("weights").optional().meta({
    description:
      "What each sample counts in the loss, not negative: one number per sample, or, where every timestep has a target, one per sample and timestep. Each one's loss is multiplied by it, and the mean is still over how many there are, as Keras's `sample_weight`. What weighs 0 does not count in the accuracy either. Default: all the same.",
  }),
  test: testShare(),
  shuffle: flag().default(true).meta({
    description:
      "Which samples `test` keeps: drawn at random, always the same ones, or (false) the last ones, which is right where samples are in the order of time. How the samples are shown in training is not affected: every epoch in a new order.",
  }),
}).meta({
  description:
    "Arrays of numbers: NPY and NPZ files (NumPy) or JSON (nested lists, or an object with such lists), inputs and targets each in a file, or in one.",
});
