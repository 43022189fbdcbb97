/** A CSV table as data. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { tableDefaults } from "../../defaults.ts";
import { maxListedClasses, maxTimesteps } from "../../limits.ts";
import { anyNumber, distinct, type Expected, entry, flag, list, text, whole } from "../values.ts";
import { scalings, tableClasses, testShare } from "./common.ts";
import { rows } from "./rows.ts";
import { writing } from "./writing.ts";

const wordsExpected = () => expectedWords().words(maxListedClasses);

const columns = (expected: Expected) =>
  list(
    text(() => expectedWords().column),
    expected,
  ).check(distinct(() => expectedWords().newColumn));

export const tableSchema = entry({
  file: text(() => expectedWords().table).meta({
    description:
      "A table in text: CSV, or cells separated by semicolons, tabs, `|` or blanks. The path is relative to the config's folder.",
  }),
  inputs: columns(() => expectedWords().columns).meta({ description: "The columns that are the net's inputs." }),
  targets: columns(() => expectedWords().columns).meta({ description: "The columns that the net should predict." }),
  oneHot: z
    .record(
      z.string(),
      list(
        z.union([text(() => expectedWords().word), anyNumber()], { error: () => expectedWords().textOrNumber }),
        wordsExpected,
      )
        .max(maxListedClasses, { error: wordsExpected })
        .check(distinct(() => expectedWords().newWord)),
      { error: () => expectedWords().oneHot },
    )
    .optional()
    .meta({
      description:
        'Input columns that hold categories, each with its words: `{ "weather": ["sun", "rain", "snow"] }`. Such a column becomes one input for each word, named `weather = rain`, which is 1 in the rows with this word and 0 in all others; it is not scaled. A word that is not listed is an error, in the training and in the test part. Numbers can be categories, too.',
    }),
  ...rows,
  ...writing,
  weights: text(() => expectedWords().column)
    .optional()
    .meta({
      description:
        "A column with the weight of each sample in the loss, not negative; the weight is in the row of the sample's (first) target. Each loss is multiplied by its weight, and the sum is still divided by the number of losses, as in Keras's `sample_weight`. Samples with weight 0 do not count in the accuracy either. Default: all weigh the same.",
    }),
  window: whole(1, maxTimesteps).optional().meta({
    description: "Rows per sample, in order: the timesteps T. Without it each row is a sample without a time axis.",
  }),
  horizon: whole(0, maxTimesteps)
    .optional()
    .meta({
      description: `Number of rows from the window's last row to the target's; 0 is that row itself. Default: ${tableDefaults.horizonWithWindow} with a window, otherwise ${tableDefaults.horizonWithoutWindow}.`,
    }),
  targetRows: whole(1, maxTimesteps).default(1).meta({
    description:
      "Number of target rows: the row at `horizon` and those after it, e.g. 6 for the next 6 hours. The net outputs them side by side, row after row (a `dense` layer with `targetRows` × targets units), or on a time axis, [targetRows, targets].",
  }),
  ...scalings("column", "the training rows"),
  classes: tableClasses,
  test: testShare(
    " With windows, or targets in a later row, the last samples are kept (of each series), and samples that overlap them are left out.",
  ),
  shuffle: flag().optional().meta({
    description:
      "Which samples `test` keeps: drawn at random, always the same ones, or (false) the last ones. Default: true if each row is a separate sample; samples in the order of time are never drawn. It does not affect the order of the samples in training, which is new in every epoch.",
  }),
}).meta({
  description: "A table: a text file, such as CSV, whose rows are samples, or timesteps if there is a `window`.",
});
