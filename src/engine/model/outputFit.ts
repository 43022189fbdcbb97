/** Checks whether a model's output has the shape of the targets, and finds a remedy if not. */

import { classesFix, labelsBetween } from "../../config/classesFix.ts";
import type { Fix } from "../../config/fix.ts";
import { has } from "../../config/layerCatalogue.ts";
import type { Problem } from "../../config/problem.ts";
import type { DataConfig, JsonPath, LossName } from "../../config/resolved.ts";
import { fitWords } from "../../messages/fit.ts";
import type { Dataset } from "../data/dataset.ts";
import { distinct } from "../data/labels.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { shapeText } from "./messages.ts";

export interface OutputTraining {
  readonly loss: LossName;
  readonly path: JsonPath;
  /** Source of the targets, for problems that lie with them. */
  readonly source?: { readonly data: DataConfig; readonly path: JsonPath };
}

interface Output {
  readonly built: BuiltModel;
  readonly last: BuiltLayer;
  readonly dataset: Dataset;
  readonly training: OutputTraining;
}

/** At most one problem, with severity error. */
export function outputProblems(built: BuiltModel, dataset: Dataset, training: OutputTraining): Problem[] {
  const last = built.layers.findLast((l) => l.wrapper === null);
  if (!last) return [];
  const output: Output = { built, last, dataset, training };
  const { targetShape, classes } = dataset;
  const given = built.outputShape;
  const { loss } = training;
  const sparse = loss === "sparseCategoricalCrossentropy";
  const gives = fitWords().gives({ layer: last.name, shape: shapeText(given) });
  const wanted = sparse ? [...targetShape.slice(0, -1), Math.max(2, classes ?? 2)] : targetShape;
  if (given.length !== wanted.length) {
    if (sparse && isOneHot(dataset, given)) return [oneHotUnderSparse(output)];
    const { words, fixes } = axisRemedy(output, wanted);
    return [problem(output, fitWords().targetsAre({ gives, shape: shapeText(targetShape), remedy: words }), fixes)];
  }
  const axis = wanted.findIndex((d, i) => (sparse && i === wanted.length - 1 ? given[i]! < d : given[i] !== d));
  if (axis >= 0) {
    const width = wanted[axis]!;
    if (axis < wanted.length - 1)
      return [problem(output, fitWords().axisDiffers({ gives, shape: shapeText(targetShape), axis: axis + 1 }), [])];
    if (sparse) return [labelsProblem(output, width) ?? tooFew(output, gives, width)];
    if (width === 1 && areIndices(dataset, given[axis]!)) return [indicesUnderOther(output, gives)];
    const words = fitWords().targetsAre({
      gives,
      shape: shapeText(targetShape),
      remedy: fitWords().giveIt(fitWords().units(width)),
    });
    return [problem(output, words, unitsFix(output, width))];
  }
  if (loss === "categoricalCrossentropy" && given.at(-1) === 1) return [oneClass(output, gives)];
  return [];
}

/** Whether the targets are whole numbers from 0 for between two and `outputs` classes. */
function areIndices(dataset: Dataset, outputs: number): boolean {
  const labels = distinct(withTest(dataset));
  return labels.length >= 2 && labels[0] === 0 && labels.every(Number.isInteger) && (labels.at(-1) ?? 0) < outputs;
}

/** Reports class indices and one output per class under a loss that compares values. */
function indicesUnderOther(output: Output, gives: string): Problem {
  const last = distinct(withTest(output.dataset)).at(-1) ?? 0;
  const words = fitWords().likeIndices({ gives, last });
  const activation = activationPath(output.last);
  const loss = { path: [...output.training.path, "loss"], value: "sparseCategoricalCrossentropy" };
  return problem(output, words, [
    {
      id: "sparse",
      title: fitWords().useSparse(activation !== null),
      edits: [loss, ...(activation ? [{ path: activation, value: "softmax" }] : [])],
    },
  ]);
}

function oneClass(output: Output, gives: string): Problem {
  const words = fitWords().oneClass(gives);
  const sigmoid = activationPath(output.last);
  const edits = [{ path: [...output.training.path, "loss"], value: "binaryCrossentropy" }];
  const also = sigmoid ? [{ path: sigmoid, value: "sigmoid" }] : [];
  return problem(output, words, [
    {
      id: "binary",
      title: fitWords().useBinary(sigmoid !== null),
      edits: [...edits, ...also],
    },
  ]);
}

function tooFew(output: Output, gives: string, width: number): Problem {
  const words = fitWords().tooFew({
    gives,
    loss: output.training.loss,
    classes: width,
    units: fitWords().units(width),
  });
  return problem(output, words, unitsFix(output, width));
}

/** Reports labels that leave out class 0 or others, if the outputs would be enough for labels counted from 0. */
function labelsProblem(output: Output, needed: number): Problem | null {
  const { dataset, training, built } = output;
  const { source } = training;
  if (source?.data.kind !== "arrays" && source?.data.kind !== "table") return null;
  if (source.data.classes !== null) return null;
  const labels = distinct(withTest(dataset));
  const first = labels[0] ?? 0;
  const last = labels.at(-1) ?? 0;
  const width = built.outputShape.at(-1) ?? 0;
  const all = last - first + 1 <= width ? labelsBetween(first, last) : labels;
  if (first === 0 && all.length > width) return null;
  const listed = classesFix(source.path, all);
  const few = all.length > width;
  const fixes = listed
    ? [
        few
          ? {
              ...listed,
              title: fitWords().andUnits({ title: listed.title, units: fitWords().units(all.length) }),
              edits: [...listed.edits, ...unitsFix(output, all.length).flatMap((f) => f.edits)],
            }
          : listed,
      ]
    : [];
  const run = first > 0 ? fitWords().labelsRun({ first, last }) : fitWords().labelsUpTo({ n: labels.length, last });
  return {
    severity: "error",
    message: fitWords().labelGaps({
      run,
      late: first > 0,
      layer: output.last.name,
      units: fitWords().units(needed),
      never: needed - labels.length,
    }),
    path: source.data.kind === "arrays" ? [...source.path, "targets", "file"] : [...source.path, "targets", 0],
    on: "value",
    fixes: [...fixes, ...unitsFix(output, needed)],
  };
}

function withTest({ targets, test }: Dataset): Float32Array {
  if (!test) return targets;
  const all = new Float32Array(targets.length + test.targets.length);
  all.set(targets);
  all.set(test.targets, targets.length);
  return all;
}

/** Whether the targets of each sample are zeros and a single 1, one value per output: one-hot classes. */
function isOneHot({ targets, targetShape }: Dataset, output: readonly number[]): boolean {
  const width = output.at(-1) ?? 0;
  const written = targetShape.slice(0, -1);
  if (width < 2 || written.length !== output.length || written.some((d, i) => d !== output[i])) return false;
  for (let i = 0; i < targets.length; i += width) {
    let ones = 0;
    for (let k = 0; k < width; k++) {
      const v = targets[i + k];
      if (v === 1) ones++;
      else if (v !== 0) return false;
    }
    if (ones !== 1) return false;
  }
  return true;
}

function oneHotUnderSparse({ training }: Output): Problem {
  return {
    severity: "error",
    message: fitWords().oneHotTargets(training.loss),
    path: [...training.path, "loss"],
    on: "value",
    fixes: [
      {
        id: "loss-categoricalCrossentropy",
        title: fitWords().useLoss("categoricalCrossentropy"),
        edits: [{ path: [...training.path, "loss"], value: "categoricalCrossentropy" }],
      },
    ],
  };
}

function axisRemedy(
  { built }: Output,
  wanted: readonly number[],
): { readonly words: string; readonly fixes: readonly Fix[] } {
  const given = built.outputShape;
  const recurrent = built.layers.filter((l) => has("loops", l) && l.inner.length === 0);
  const paths = [...new Map(recurrent.map((l) => [l.path.join("/"), l.path])).values()];
  const fix = (value: boolean, places: readonly JsonPath[]): readonly Fix[] =>
    places.length === 0
      ? []
      : [
          {
            id: "return-sequences",
            title: fitWords().setReturnSequences(value),
            edits: places.map((path) => ({ path: [...path, "returnSequences"], value })),
          },
        ];
  if (given.length === wanted.length + 1) {
    const words = fitWords().perSample;
    return { words, fixes: fix(false, paths.slice(-1)) };
  }
  if (given.length === wanted.length - 1) {
    const words = fitWords().perTimestep;
    return { words, fixes: fix(true, paths) };
  }
  return { words: fitWords().endWith(shapeText(wanted)), fixes: [] };
}

function problem({ last }: Output, message: string, fixes: readonly Fix[]): Problem {
  return { severity: "error", message, path: unitsOf(last) ?? [...last.path, "type"], on: "value", fixes };
}

function unitsFix({ last }: Output, width: number): readonly Fix[] {
  const path = unitsOf(last);
  if (path === null) return [];
  return [
    {
      id: "units",
      title: fitWords().giveUnits({ layer: last.name, units: fitWords().units(width) }),
      edits: [{ path, value: width }],
    },
  ];
}

/** The place of the `units` of a dense layer, also inside timeDistributed. */
function unitsOf(last: BuiltLayer): JsonPath | null {
  const dense = denseOf(last);
  return dense ? [...dense.path, "units"] : null;
}

function activationPath(last: BuiltLayer): JsonPath | null {
  const dense = denseOf(last);
  return dense ? [...dense.path, "activation"] : null;
}

function denseOf(last: BuiltLayer): BuiltLayer | null {
  const inner = last.inner.at(-1);
  const dense = inner?.type === "dense" ? inner : last;
  return dense.type === "dense" ? dense : null;
}
