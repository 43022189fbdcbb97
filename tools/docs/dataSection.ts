/** The `data` section of docs/config.md: the tasks with their definitions, required lags, baselines and sources. */

import { arraysSchema } from "../../src/config/schema/data/arrays.ts";
import { mackeyGlassForecastingSchema, sineForecastingSchema } from "../../src/config/schema/data/forecasting.ts";
import { tableSchema } from "../../src/config/schema/data/table.ts";
import {
  addingProblemSchema,
  copyMemorySchema,
  delayedRecallSchema,
  paritySchema,
  sequentialDigitsSchema,
  temporalOrderSchema,
} from "../../src/config/schema/data/tasks.ts";
import { characterLanguageModelSchema } from "../../src/config/schema/data/text.ts";
import type { taskSchema } from "../../src/config/schema/data.ts";
import { keyTable } from "./tables.ts";

export function dataSection(): string {
  const tasks = [...memory, ...forecasts, text].map(
    ([schema, more]) =>
      `### ${schema.shape.task.value}\n\n${schema.description}\n${more}\n\n${keyTable(schema.shape, ["task"])}`,
  );
  return `## data

A built-in task, a text, a table, or arrays in files. T is the number of timesteps; the *required lag* is how far back the gradient has to reach,
and the *baseline* is the loss of the best answer that ignores the input.

${tasks.join("\n\n")}

### a table in a file

${tableSchema.description}

\`\`\`jsonc
"data": { "file": "prices.csv", "inputs": ["Close"], "targets": ["Close"], "window": 30, "standardize": true, "test": 0.2,
          "order": { "by": "Date" } }                              // a file with the newest row first
"data": { "file": "stocks.csv", "inputs": ["price"], "targets": ["price"], "window": 12,
          "series": "symbol" }                                     // one below another: MSFT, AMZN, …
"data": { "file": "stocks.csv", "inputs": ["price"], "targets": ["price"], "window": 12,
          "where": { "symbol": "MSFT" } }                          // one of them
"data": { "file": "air.csv", "inputs": ["CO(GT)", "T"], "targets": ["CO(GT)"], "window": 24, "targetRows": 6,
          "missing": { "marks": [-200], "fill": "interpolate" } }  // the next 6 hours
"data": { "file": "iris.data", "header": false, "inputs": ["1", "2"], "targets": ["3"] }
\`\`\`

The file's layout is detected: the separator of its cells, the decimal mark and the mark that groups thousands (from all cells of a column),
titles and comments before the names, and footers and empty lines at its end, which are left out. One note at \`file\`, and
\`gradlens doctor\`, say what was detected; a key overrides each wrong guess. \`True\` and \`False\` are 1 and 0; currency and percent signs
are ignored.

${keyTable(tableSchema.shape)}

Missing values are { "marks", "fill" }:

${keyTable(tableSchema.shape.missing.unwrap().shape)}

The order of the rows is { "by", "dayFirst" }:

${keyTable(tableSchema.shape.order.unwrap().shape)}

A column of dates is examined even if no key names it. If samples are windows, there is a warning about rows that run backward in time or
are not in order, about times that occur twice, about gaps, and about a column that should hold dates by its name (\`Date\`, \`日期\`, \`Datum\`)
but cannot be read. Dates may be written year first (\`2020-12-31\`, \`20201231\`, \`2020年12月31日\`), as numbers (\`31/12/2020\`, \`31.12.20\`), with
the name of the month in one of twenty languages (\`31-Dec-2020\`, \`31. Dez 2020\`, \`1 janv. 2020\`), as quarters (\`2020Q4\`), weeks (\`2020-W53\`), years, or numbers since
1970 (the last two if the column's name says that it is a time). A time of day may follow, with a time zone (+02:00, UTC, CET): the moments are then UTC's.

### arrays

${arraysSchema.description}

\`\`\`jsonc
"data": { "inputs": { "file": "x.npy" }, "targets": { "file": "y.npy" }, "test": 0.2 }
"data": { "inputs": { "file": "d.npz", "array": "x" }, "targets": { "file": "d.npz", "array": "y" } }
"data": { "inputs": { "file": "d.json" }, "targets": { "file": "d.json" } }    // { "inputs": [[…], …], "targets": […] }
\`\`\`

${keyTable(arraysSchema.shape)}

An array is { "file", "array" }:

${keyTable(arraysSchema.shape.inputs.shape)}

NPY versions 1 to 3 with whole numbers of 8 to 64 bits, real numbers of 16 to 64 bits, or booleans, in either byte order and in C or Fortran order. Arrays of Python
objects are refused: they are pickled programs. Class indices at every timestep (\`sparseCategoricalCrossentropy\`) are samples × timesteps.`;
}

/** A task, and what to add to its description. */
type Entry = readonly [schema: (typeof taskSchema)["options"][number], more: string];

const memory: readonly Entry[] = [
  [
    addingProblemSchema,
    `Required lag T − 1; baseline 1/6 = 2/12 with \`meanSquaredError\` (the variance of the sum of two uniform numbers).
Inputs T × 2, target 1 number. Hochreiter & Schmidhuber 1997, in the variant of Arjovsky et al. 2016.`,
  ],
  [
    copyMemorySchema,
    `The sequence is \`symbols\` symbols, \`length\` − 1 blanks, the delimiter and \`symbols\` blanks,
so T = \`length\` + 2 × \`symbols\`; the target is blank up to the recall. Required lag \`length\` + \`symbols\`; baseline
\`symbols\` × ln(\`alphabet\`) / T with cross-entropy. Inputs and classes: \`alphabet\` + 2 (blank, symbols, delimiter), a target at
every timestep. Hochreiter & Schmidhuber 1997; Arjovsky et al. 2016.`,
  ],
  [
    temporalOrderSchema,
    `The classes are AA, AB, BA, BB. Required lag T − 1 − ⌊0.1 T⌋; baseline ln 4 = 1.386 with cross-entropy. Inputs T × 6
(A, B, four distractors). Hochreiter & Schmidhuber 1997, in the form of Pascanu et al. 2013.`,
  ],
  [
    delayedRecallSchema,
    `Required lag T − \`cue\`; baseline ln 2 = 0.693 with cross-entropy, 1/4 with \`meanSquaredError\`. Inputs T × 1, target 1 for
class 1, 0 for class −1. Bengio, Simard & Frasconi 1994, in the form of Hochreiter & Schmidhuber 1997, task 3a.`,
  ],
  [
    paritySchema,
    `Required lag T − 1; baseline ln 2 = 0.693 with cross-entropy, 1/4 with \`meanSquaredError\`. Inputs T × 1, target 1 for an odd
number of ones, otherwise 0. Bengio, Simard & Frasconi 1994.`,
  ],
  [
    sequentialDigitsSchema,
    `Required lag unknown, so T − 1 = 63 is assumed; baseline ln 10 = 2.303 with cross-entropy (from the samples' own class shares).
Inputs 64 × 1, 10 classes. After the sequential MNIST of Le, Jaitly & Hinton 2015, permuted or not. The images are shipped with the engine:
*Optical Recognition of Handwritten Digits*, E. Alpaydin & C. Kaynak 1998, UCI Machine Learning Repository,
doi:10.24432/C50P49, CC BY 4.0; its 1797 test images, as in scikit-learn.`,
  ],
];

const forecasts: readonly Entry[] = [
  [
    sineForecastingSchema,
    `Required lag 1: two consecutive values determine the phase of a sine. Baseline 1/2 with \`meanSquaredError\` (the variance of
a sine), 2/π = 0.637 with \`meanAbsoluteError\`. Inputs T × 1, target 1 number.`,
  ],
  [
    mackeyGlassForecastingSchema,
    `Required lag \`delay\` (at most T − 1): the series continues from its last τ values. Baseline: the variance of the
targets (about 0.05) with \`meanSquaredError\`. One timestep is one unit of time; integrated by the classical Runge–Kutta
method with steps of 0.1, the first 1000 units dropped. Inputs T × 1, target 1 number. Mackey & Glass 1977; Jang 1993.`,
  ],
];

const text: Entry = [
  characterLanguageModelSchema,
  `The vocabulary is the characters (Unicode code points) of the text, sorted; a first layer
\`{ "type": "embedding", "inputDim": <vocabulary>, "outputDim": 50 }\` looks them up, and the last layer gives one output for each of them
at every timestep. Required lag unknown, so T − 1 is assumed; baseline: the entropy of the characters' shares, in nats per character.`,
];
