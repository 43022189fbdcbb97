/** Which rows of a table are read, and which of them follow one another. */

import * as z from "zod";
import { expectedWords } from "../../../messages/expected.ts";
import { anyNumber, list, text } from "../values.ts";

const value = z.union([z.string(), anyNumber()], { error: () => expectedWords().textOrNumber });
const values = z.union([value, list(value, () => expectedWords().marks)], {
  error: () => expectedWords().values,
});

export const rows = {
  where: z
    .record(z.string(), values, { error: () => expectedWords().where })
    .optional()
    .meta({
      description:
        'Reads only the rows in which each of these columns has this value, or one of a list: `{ "country": "France", "year": [2019, 2020] }`. A text must be equal to the whole cell; a number also matches it in another form (`1.0`). The columns need not be inputs. Default: all rows.',
    }),
  series: z
    .union(
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
    )
    .optional()
    .meta({
      description:
        "The column that names the series of each row, or several such columns, if the table has several series below one another or row by row: one for each country, shop or sensor. Rows of one series are put together, in the order of the file or of `order`. A window, its target and a filled value never go beyond their series, and `test` keeps the last samples of each. A series with too few rows for a sample is left out, and one with too few samples to keep any is only learnt from; if all are that short, some are kept whole. Default: all rows are one series.",
    }),
};
