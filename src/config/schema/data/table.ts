/** A CSV table as data. */

import { tableDefaults } from "../../defaults.ts";
import { maxTimesteps } from "../../limits.ts";
import { distinct, entry, flag, list, text, whole } from "../values.ts";
import { classes, scalings, testShare } from "./common.ts";

const columns = (expected: string) =>
  list(text("the name of a column"), expected).check(distinct("a column that is not listed yet"));

export const tableSchema = entry({
  file: text("the path of a CSV file").meta({
    description: "A CSV file with a header row; the path is relative to the config's folder.",
  }),
  inputs: columns("a list of column names").meta({ description: "The columns the net sees." }),
  targets: columns("a list of column names").meta({ description: "The columns the net is to give." }),
  weights: text("the name of a column").optional().meta({
    description:
      "A column that says what the sample with the target in that row counts in the loss, not negative. Each one's loss is multiplied by it, and the mean is still over how many there are, as Keras's `sample_weight`. What weighs 0 does not count in the accuracy either. Default: all the same.",
  }),
  window: whole(1, maxTimesteps).optional().meta({
    description: "Rows per sample, in order: the timesteps T. Without it each row is a sample without a time axis.",
  }),
  horizon: whole(0, maxTimesteps)
    .optional()
    .meta({
      description: `How many rows after the window's last row the target is taken; 0 is that row itself. Default: ${tableDefaults.horizonWithWindow} with a window, else ${tableDefaults.horizonWithoutWindow}.`,
    }),
  ...scalings("column", "the rows that are learnt from"),
  classes,
  test: testShare(
    " Of windows, and of rows whose target is in a later row, the last are kept, and those that overlap them are left out.",
  ),
  shuffle: flag().optional().meta({
    description:
      "Which samples `test` keeps: drawn at random, always the same ones, or (false) the last ones. Default: true where each row is a sample by itself; samples in the order of time are never drawn. How the samples are shown in training is not affected: every epoch in a new order.",
  }),
}).meta({ description: "A table: a CSV file whose rows are samples, or timesteps when there is a `window`." });
