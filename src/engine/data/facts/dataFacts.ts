/** The figures of a data set as the net receives it (after scaling, if any), over the training samples. */

import type { LayerEntry } from "../../../config/resolved.ts";
import { type DataFacts, maxClassFacts, type PartFacts } from "../../../protocol/dataFacts.ts";
import type { Dataset } from "../dataset.ts";
import { partFacts } from "./columnFacts.ts";
import { inputReading } from "./inputReading.ts";
import { findPadding, type Padding } from "./padding.ts";
import { percentiles } from "./percentiles.ts";

interface Measured {
  readonly inputs: PartFacts;
  readonly targets: PartFacts;
  readonly targetPercentiles: readonly number[];
  readonly classes: readonly number[] | null;
}

const measured = new WeakMap<Dataset, Measured>();
const padding = new WeakMap<Dataset, Padding | null>();

/**
 * Measured once per data set, in time linear in its size.
 * @param entries layers of the model that learns from it, also if the model comes from a file.
 */
export function dataFacts(dataset: Dataset, entries: readonly LayerEntry[]): DataFacts {
  const known = measured.get(dataset) ?? measure(dataset);
  measured.set(dataset, known);
  const { masksZeros, ...reading } = inputReading(entries);
  const padded = paddingOf(dataset, reading.as === "indices");
  return {
    samples: dataset.samples,
    reading,
    inputs: known.inputs,
    targets: known.targets,
    targetPercentiles: [...known.targetPercentiles],
    classes: known.classes && [...known.classes],
    padding: padded && { ...padded, masked: masksZeros },
    lag: null,
  };
}

function measure({ inputs, targets, features, targetShape, classes, columns }: Dataset): Measured {
  return {
    inputs: partFacts(inputs, features, columns?.inputs ?? null),
    targets: partFacts(targets, targetShape.at(-1) ?? 1, columns?.targets ?? null),
    targetPercentiles: percentiles(targets),
    classes: classes === null ? null : classesIn(targets),
  };
}

function classesIn(targets: Float32Array): number[] {
  return [...new Set(targets)].sort((a, b) => a - b).slice(0, maxClassFacts);
}

/**
 * Padding of inputs shaped timesteps × features, or timesteps alone for indices. The rows of images are not timesteps.
 */
function paddingOf(dataset: Dataset, indices: boolean): Padding | null {
  const { inputs: values, samples, inputShape } = dataset;
  const [timesteps, features = 1] = inputShape;
  if (timesteps === undefined || inputShape.length !== (indices ? 1 : 2)) return null;
  const known = padding.get(dataset);
  if (known !== undefined) return known;
  const found = findPadding({ values, samples, timesteps, features });
  padding.set(dataset, found);
  return found;
}
