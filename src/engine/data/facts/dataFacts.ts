/** The figures of a data set as the net receives it (after scaling, if any), over the training samples. */

import type { LayerEntry, LossName } from "../../../config/resolved.ts";
import {
  type DataFacts,
  type InputFacts,
  maxArrayFacts,
  maxClassFacts,
  maxColumnFacts,
  type OutputFacts,
  type PartFacts,
} from "../../../protocol/dataFacts.ts";
import type { Dataset, DatasetPart } from "../dataset.ts";
import { partFacts } from "./columnFacts.ts";
import { type InputReading, inputReading } from "./inputReading.ts";
import { findPadding, type Padding } from "./padding.ts";
import { percentiles } from "./percentiles.ts";

interface Measured {
  readonly inputs: PartFacts;
  readonly targets: PartFacts;
  readonly targetPercentiles: number[];
  readonly classes: number[] | null;
}

const measured = new WeakMap<Dataset, Measured>();
const padding = new WeakMap<Dataset, Padding | null>();

/** The loss of the output with this name; null: of the only output. */
export type LossOf = (output: string | null) => { readonly loss: LossName; readonly fromLogits: boolean };

/**
 * Measured once per data set, in time linear in its size.
 * @param entries layers of the model that learns from it, also if the model comes from a file.
 */
export async function dataFacts(dataset: Dataset, entries: readonly LayerEntry[], lossOf: LossOf): Promise<DataFacts> {
  if (dataset.parts) return ofParts(dataset.parts, entries, lossOf);
  const known = await measuredOf(dataset);
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

/**
 * Several inputs are described together if the model treats them alike: those that it weights as numbers, if there are any.
 * The targets are those of the first output.
 */
async function ofParts(
  { inputs, targets }: NonNullable<Dataset["parts"]>,
  entries: readonly LayerEntry[],
  lossOf: LossOf,
): Promise<DataFacts> {
  const [target] = targets;
  if (!target) throw new Error("Data without targets.");
  const read = inputs.map((part) => ({ ...part, reading: inputReading(entries, part.name) }));
  const as = (["values", "normalized", "indices"] as const).find((kind) => read.some((r) => r.reading.as === kind));
  const alike = read.filter(({ reading }) => reading.as === as);
  const [first = read[0]] = alike;
  if (!first) throw new Error("Data without inputs.");
  const { masksZeros, ...reading } = first.reading;
  const facts: PartFacts[] = [];
  for (const { name, of } of alike) facts.push(named((await measuredOf(of)).inputs, name));
  const own = await measuredOf(target.of);
  const padded = inputs.length === 1 ? paddingOf(first.of, reading.as === "indices") : null;
  return {
    samples: first.of.samples,
    reading,
    inputs:
      facts.length === 1
        ? facts[0]!
        : await together(
            alike.map(({ of }) => of.inputs),
            facts,
          ),
    targets: own.targets,
    targetPercentiles: [...own.targetPercentiles],
    classes: own.classes && [...own.classes],
    padding: padded && { ...padded, masked: masksZeros },
    lag: null,
    arrays: { inputs: await inputFacts(read), targets: await outputFacts(targets, lossOf) },
  };
}

type ReadPart = DatasetPart & { readonly reading: InputReading };

async function inputFacts(parts: readonly ReadPart[]): Promise<InputFacts[]> {
  const all: InputFacts[] = [];
  for (const { name, of, reading } of parts.slice(0, maxArrayFacts)) {
    const { masksZeros: _, ...own } = reading;
    all.push({ name: name ?? "", reading: own, facts: (await measuredOf(of)).inputs });
  }
  return all;
}

async function outputFacts(parts: readonly DatasetPart[], lossOf: LossOf): Promise<OutputFacts[]> {
  const all: OutputFacts[] = [];
  for (const { name, of } of parts.slice(0, maxArrayFacts)) {
    const { targets, targetPercentiles, classes } = await measuredOf(of);
    const { loss, fromLogits } = lossOf(name);
    const baselineLoss = of.baselineLoss(loss);
    all.push({ name, facts: targets, percentiles: targetPercentiles, classes, loss, fromLogits, baselineLoss });
  }
  return all;
}

async function measuredOf(dataset: Dataset): Promise<Measured> {
  const known = measured.get(dataset) ?? (await measure(dataset));
  measured.set(dataset, known);
  return known;
}

/** Facts whose columns have the name of their input. */
function named({ columns, overall }: PartFacts, input: string | null): PartFacts {
  const label = (i: number): string => (columns.length === 1 ? `${input}` : `${input} ${i}`);
  return { columns: columns.map((column, i) => ({ ...column, name: label(i) })), overall };
}

/** Reports duplicate columns only within one input. */
async function together(values: readonly Float32Array[], facts: readonly PartFacts[]): Promise<PartFacts> {
  const all = new Float32Array(values.reduce((sum, part) => sum + part.length, 0));
  let from = 0;
  for (const part of values) {
    all.set(part, from);
    from += part.length;
  }
  let before = 0;
  const columns = facts.flatMap((part) => {
    const shift = before;
    before += part.columns.length;
    return part.columns.map((column) => ({
      ...column,
      duplicateOf: column.duplicateOf === null ? null : column.duplicateOf + shift,
    }));
  });
  return { columns: columns.slice(0, maxColumnFacts), overall: (await partFacts(all, 1, null)).overall };
}

async function measure({ inputs, targets, features, targetShape, classes, columns }: Dataset): Promise<Measured> {
  return {
    inputs: await partFacts(inputs, features, columns?.inputs ?? null),
    targets: await partFacts(targets, targetShape.at(-1) ?? 1, columns?.targets ?? null),
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
  const found = dataset.moving ? null : findPadding({ values, samples, timesteps, features });
  padding.set(dataset, found);
  return found;
}
