/** Arrays in files as data. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { choice, entry, flag, text } from "../values.ts";
import { classes, scalings, testShare } from "./common.ts";
import { encoding } from "./writing.ts";

const expected = () => expectedWords().arrayFile;

/** @param usual the default name if the file holds several arrays. */
const arrayKeys = (usual: string) => ({
  file: text(expected).meta({
    description: "An NPY, NPZ or JSON file, or JSON Lines; the path is relative to the config's folder.",
  }),
  array: text(() => expectedWords().arrayName)
    .optional()
    .meta({
      description: `Which array of an NPZ file, or which key of an object, or of each record, in a JSON file. Default: the only one, otherwise "${usual}".`,
    }),
  encoding: encoding(" NPY and NPZ files have none."),
});

const arrayExpected = () => expectedWords().array;

const arrayFile = (usual: string) => entry(arrayKeys(usual), arrayExpected);

/** An array that can be scaled by itself. */
const scalableFile = (usual: string) =>
  entry(
    {
      ...arrayKeys(usual),
      scaling: choice("standardize", "minMax", "none").optional().meta({
        description:
          "How this array is scaled, whatever `standardize` and `minMax` say of its side: with several inputs, words as indices stay as they are beside prices that are standardized. Class targets are not scaled. Default: as its side.",
      }),
    },
    arrayExpected,
  );

const namedExpected = () => expectedWords().namedArrays;

export const arraysSchema = entry({
  inputs: scalableFile("inputs").meta({
    description:
      'The net\'s inputs: an array, or only its file (`"x.npy"`); for several inputs an object with one for each name. The first axis counts the samples; the other axes are the shape of one sample: timesteps × features, or timesteps alone for an `embedding` layer. The timesteps are the distance that the gradient has to travel.',
  }),
  targets: scalableFile("targets").meta({
    description:
      "The values that the net should give, or for several outputs an object with an array for each name. The first axis counts the samples; there must be as many as inputs.",
  }),
  ...scalings(
    "feature",
    "all timesteps of the training samples except padding: rows of zeros at one end of the samples stay zeros and do not count",
  ),
  classes,
  weights: arrayFile("weights").optional().meta({
    description:
      "Weight of each sample in the loss, not negative: one number per sample, or one per sample and timestep if every timestep has a target. Each loss is multiplied by its weight, and the sum is still divided by the number of losses, as in Keras's `sample_weight`. Positions with weight 0 do not count in the accuracy either. Default: all weigh the same.",
  }),
  test: testShare(),
  shuffle: flag().default(true).meta({
    description:
      "Which samples `test` keeps: drawn at random, always the same ones, or (false) the last ones, which is right for samples in the order of time. It does not affect the order of the samples in training, which is new in every epoch.",
  }),
}).meta({
  description:
    "Arrays of numbers: NPY and NPZ files (NumPy) or JSON (nested lists, or an object with such lists). Inputs and targets can be in two files or in one.",
});

const { inputs: oneInput, targets: oneTarget, classes: _, ...shared } = arraysSchema.shape;

/** Arrays by the names of the model's inputs. */
export const namedInputsSchema = z.record(z.string(), oneInput, { error: namedExpected });

/** Arrays by the names of the model's outputs. */
export const namedTargetsSchema = z.record(z.string(), oneTarget, { error: namedExpected });

/** Inputs and targets with names: a side that has one array has one entry. */
export const namedArraysSchema = entry({ inputs: namedInputsSchema, targets: namedTargetsSchema, ...shared });
