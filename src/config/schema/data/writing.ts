/** How a table is written. Everything can be detected from the file; these keys correct a wrong guess. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { encodings } from "../../encodings.ts";
import { anyNumber, choice, entry, flag, list, text } from "../values.ts";

/** @param more additional text about files without an encoding. */
export const encoding = (more = "") =>
  choice(...encodings)
    .optional()
    .meta({
      description: `Encoding of the file's characters. Default: \`utf-8\`, or UTF-16 if the file begins with its byte order mark.${more}`,
    });

const mark = z.union([z.string(), anyNumber()], { error: () => expectedWords().textOrNumber });
const names = z.union(
  [
    text(() => expectedWords().column),
    list(
      text(() => expectedWords().column),
      () => expectedWords().columns,
    ),
  ],
  {
    error: () => expectedWords().columnOrColumns,
  },
);

export const writing = {
  encoding: encoding(),
  separator: choice(",", ";", "\t", "|", " ").optional().meta({
    description:
      'The separator between the cells of a row; `" "` stands for any number of blanks. Default: detected from the first rows.',
  }),
  decimal: choice(".", ",").optional().meta({
    description:
      "The decimal mark. Default: detected from all numbers of a column, or from the other columns if the column is ambiguous (`1,234`).",
  }),
  thousands: choice(",", ".", " ", "'").optional().meta({
    description:
      "The mark that groups the digits of large numbers, by three or as in India (`1,43,926`). Default: detected from the columns.",
  }),
  header: flag().optional().meta({
    description:
      'Whether the first row contains the names of the columns. Otherwise the columns are named by their numbers: `"1"` is the first. Default: true; if the first row contains numbers, this key must say so.',
  }),
  list: text(() => expectedWords().listPath)
    .optional()
    .meta({
      description:
        "The list in a JSON file that is the table, by the keys on the way to it, such as `data.items`; `[0].rows` begins at the first element of a list. It can also be an object whose lists are the columns, or whose entries are the rows. Default: the one that has the requested columns.",
    }),
  missing: entry(
    {
      marks: list(mark, () => expectedWords().marks)
        .optional()
        .meta({
          description:
            "Marks of missing values in this file, e.g. `[-200]`. Empty cells, `NA`, `NaN`, `null`, `?`, `-` and similar ones always count as missing.",
        }),
      fill: choice("forward", "interpolate", "drop").optional().meta({
        description:
          "How missing values are replaced. `forward`: by the last value before them; `interpolate`: by a straight line between the neighbours in time (the later neighbour can belong to a test sample); `drop`: every sample with a missing value is left out, and with a `window` all windows that contain the row, so that no window has a gap. Values that cannot be filled, at the beginning, are also left out, and so are samples whose class is missing. Default: missing values are refused.",
      }),
    },
    () => expectedWords().missing,
  )
    .optional()
    .meta({ description: "Missing values." }),
  order: entry(
    {
      by: names.meta({
        description:
          "The column with the time of each row, as dates or numbers, or several columns: date and time of day, or year, month and day. Rows are sorted by it, the earliest first; rows with equal times keep their order.",
      }),
      dayFirst: flag().optional().meta({
        description:
          "Whether a numeric date begins with its day (31/12/1999) or its month (12/31/1999). Default: detected from all dates of the column.",
      }),
    },
    () => expectedWords().order,
  )
    .optional()
    .meta({
      description:
        "The order of the rows. The columns for it need not be inputs. Default: the file's order; if a column of dates contradicts it, there is a warning.",
    }),
};
