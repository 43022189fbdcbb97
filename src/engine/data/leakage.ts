/** Warns about samples kept for testing that the net knows from their neighbours. */

import type { Fix } from "../../config/fix.ts";
import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import type { JsonPath, LossName } from "../../config/resolved.ts";
import { fileWords } from "../../messages/files.ts";
import type { Samples } from "./dataset.ts";
import { overlapOf } from "./facts/overlap.ts";

/** Samples below which correlations say little. */
const fewest = 50;
/** Correlation with the sample before from which neighbours are alike. */
const alike = 0.9;

export interface Drawn {
  readonly test: number | null;
  readonly shuffle: boolean;
  readonly at: JsonPath;
  readonly loss: LossName;
  /** Shape of one sample's inputs. */
  readonly inputShape: readonly number[];
  /** The file's name in messages, and whether its rows have dates in their order. */
  readonly file: string;
  readonly timed: boolean;
}

/** At most one warning; none if the test samples are the last ones. */
export function leakageWarnings(all: Samples, drawn: Drawn): readonly Problem[] {
  const { test, shuffle, at, loss, inputShape, file, timed } = drawn;
  if (test === null || !shuffle || all.samples < 3) return [];
  const [timesteps = 1] = inputShape;
  const stride =
    inputShape.length > 1
      ? overlapOf({ values: all.inputs, samples: all.samples, timesteps }, { share: 0.9, different: 2 })
      : null;
  const because =
    stride !== null
      ? fileWords().overlap({ file, from: stride + 1 })
      : timed
        ? fileWords().inTime(file)
        : isRegression(loss) && inputShape.length === 1 && neighboursAlike(all)
          ? fileWords().alike(file)
          : null;
  if (because === null) return [];
  const message = fileWords().leaks(because);
  return [{ severity: "warning", message, path: [...at, "test"], on: "value", fixes: [keepLast(at)] }];
}

function keepLast(at: JsonPath): Fix {
  return {
    id: "keep-last",
    title: fileWords().keepLast,
    edits: [{ path: [...at, "shuffle"], value: false }],
  };
}

/** Whether most columns of the inputs, and all of the targets, change little from one sample to the next. */
function neighboursAlike({ samples, inputs, targets }: Samples): boolean {
  if (samples < fewest) return false;
  const [seen, told] = [smoothColumns(inputs, samples), smoothColumns(targets, samples)];
  return told.smooth === told.all && seen.smooth >= seen.all / 2 && seen.wandering > 0;
}

/** Columns that correlate with themselves one sample later, and those among them that are not sorted. */
function smoothColumns(
  values: Float32Array,
  samples: number,
): { readonly all: number; readonly smooth: number; readonly wandering: number } {
  const width = values.length / samples;
  let smooth = 0;
  let wandering = 0;
  for (let column = 0; column < width; column++) {
    let mean = 0;
    for (let i = 0; i < samples; i++) mean += values[i * width + column]! / samples;
    let products = 0;
    let squares = 0;
    let turns = 0;
    let direction = 0;
    for (let i = 0; i < samples; i++) {
      const value = values[i * width + column]! - mean;
      squares += value * value;
      if (i === 0) continue;
      const before = values[(i - 1) * width + column]! - mean;
      products += value * before;
      const next = Math.sign(value - before);
      if (next !== 0 && direction !== 0 && next !== direction) turns++;
      if (next !== 0) direction = next;
    }
    if (squares === 0 || products < alike * squares) continue;
    smooth++;
    if (turns > 1) wandering++;
  }
  return { all: width, smooth, wandering };
}
