/** How a table is written: all of it can be told from the file, and said where that goes wrong. */

import * as z from "zod";
import { encodings } from "../../encodings.ts";
import { anyNumber, choice, entry, flag, list, text } from "../values.ts";

/** @param more said of what has no encoding. */
export const encoding = (more = "") =>
  choice(...encodings)
    .optional()
    .meta({
      description: `How characters are written in the file. Default: \`utf-8\`, or UTF-16 where the file begins with its byte order mark.${more}`,
    });

const mark = z.union([z.string(), anyNumber()], { error: "a text or a number" });
const names = z.union([text("the name of a column"), list(text("the name of a column"), "a list of column names")], {
  error: "the name of a column, or a list of names",
});

export const writing = {
  encoding: encoding(),
  separator: choice(",", ";", "\t", "|", " ").optional().meta({
    description:
      'What separates the cells of a row; `" "` stands for any number of blanks. Default: told from the first rows.',
  }),
  decimal: choice(".", ",").optional().meta({
    description:
      "The decimal mark. Default: told from all numbers of a column; where none of them says it (`1,234`), from the other columns.",
  }),
  thousands: choice(",", ".", " ", "'").optional().meta({
    description:
      "What groups the digits of large numbers, by three or as in India (`1,43,926`). Default: told from the columns.",
  }),
  header: flag().optional().meta({
    description:
      'Whether the first row has the names of the columns. Without one the columns are named by their numbers: `"1"` is the first. Default: true; a first row of numbers is asked about.',
  }),
  missing: entry(
    {
      marks: list(mark, "a list of texts and numbers").optional().meta({
        description:
          "What stands for a missing value in this file, e.g. `[-200]`. Empty cells, `NA`, `NaN`, `null`, `?`, `-` and the like always do.",
      }),
      fill: choice("forward", "interpolate", "drop").optional().meta({
        description:
          "What is done with missing values. `forward`: the last value before; `interpolate`: on a straight line between the neighbours in time, of which the later one may be a test sample's; `drop`: every sample that has one is left out, with a `window` all windows that hold the row, so that no window has a gap. What cannot be filled, at the beginning, is left out likewise, and so are samples whose class is missing. Default: nothing, and missing values are refused.",
      }),
    },
    'an object like { "fill": "interpolate" }',
  )
    .optional()
    .meta({ description: "Missing values." }),
  order: entry(
    {
      by: names.meta({
        description:
          "The column that says when a row is, with dates or numbers, or several columns: date and time of day, or year, month and day. Rows are put in its order, the earliest first; equal ones stay as they are.",
      }),
      dayFirst: flag().optional().meta({
        description:
          "Whether a date of numbers begins with its day (31/12/1999) or its month (12/31/1999). Default: told from all dates of the column.",
      }),
    },
    'an object like { "by": "Date" }',
  )
    .optional()
    .meta({
      description:
        "The order of the rows, which need not be an input's. Default: that of the file; a column of dates that says otherwise is told of.",
    }),
};
