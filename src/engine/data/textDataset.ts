/** Builds a data set from a text: pieces of characters, with the next character as the target at every character. */

import path from "node:path";
import { maxDataValues } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import type { JsonPath, TextData } from "../../config/resolved.ts";
import { arrayWords } from "../../messages/arrays.ts";
import { fileWords } from "../../messages/files.ts";
import type { Characters } from "../formats/readCharacters.ts";
import type { FileFault } from "../formats/readFile.ts";
import { readInWorker, refusedAs } from "../readingThread/reader.ts";
import { constantBaseline } from "./baseline.ts";
import { classWidth, oneHot } from "./classes.ts";
import type { Dataset, DataTraining, Samples } from "./dataset.ts";
import { encodingFixes } from "./encodingFix.ts";
import { part, split } from "./split.ts";

/**
 * Characters are Unicode code points; their indices are their places in the sorted vocabulary of the whole text. Sample
 * i is characters i·T … i·T + T − 1, its targets are characters i·T + 1 … i·T + T. The baseline is the entropy of the
 * characters' shares: the loss of a predictor that knows only how frequent each one is.
 */
export async function textDataset(
  data: TextData,
  at: JsonPath,
  configDir: string,
  { loss, path: trainingPath }: DataTraining,
  signal: AbortSignal,
): Promise<Dataset | Problem[]> {
  if (isRegression(loss) || loss === "binaryCrossentropy") {
    const message = arrayWords().nextCharacter(loss);
    return [error(message, [...trainingPath, "loss"])];
  }
  const read: Characters | FileFault = await readInWorker(
    "text",
    {
      file: path.resolve(configDir, data.file),
      shown: data.file,
      encoding: data.encoding ?? null,
      lowerCase: data.lowerCase ?? false,
    },
    signal,
  ).catch(refusedAs((words) => ({ fault: fileWords().ofFile({ file: data.file, fault: words }) })));
  if ("fault" in read) return [{ ...error(read.fault, [...at, "file"]), fixes: encodingFixes(read, at) }];
  const { indices, vocabulary } = read;
  const { length, inputs = "indices", targets = "each" } = data;
  const stride = data.stride ?? length;
  const samples = Math.floor((indices.length - 1 - length) / stride) + 1;
  if (indices.length <= length) {
    const message = arrayWords().shortText({ file: data.file, n: indices.length, piece: length });
    return [error(message, [...at, indices.length < 2 ? "file" : "length"])];
  }
  const width = classWidth(vocabulary, loss);
  const seen = inputs === "oneHot" ? vocabulary : 1;
  const timesteps = targets === "each" ? length : 1;
  const values = samples * (length * seen + timesteps * width);
  if (values > maxDataValues) {
    const fitting = Math.ceil((stride * values) / maxDataValues);
    const message = arrayWords().longText({
      file: data.file,
      n: values,
      loss,
      most: maxDataValues,
      sparse: width > 1 && targets === "each",
      stride: seen > 1 ? fitting : null,
    });
    return [error(message, [...at, "file"])];
  }
  // The target of a piece's last character is the character after it; samples that begin before that share characters
  // with it.
  const gap = Math.ceil((length + 1) / stride) - 1;
  const parts = split(samples, { test: data.test, shuffle: false, gap, path: at });
  if ("message" in parts) return [parts];
  const shown = pieces(indices, { samples, stride, from: 0, length });
  const next = pieces(indices, { samples, stride, from: length + 1 - timesteps, length: timesteps });
  const all: Samples = {
    samples,
    inputs: seen === 1 ? shown : oneHot(shown, vocabulary),
    targets: width === 1 ? next : oneHot(next, width),
  };
  const own = part(all, parts.training);
  return {
    ...own,
    test: parts.test && part(all, parts.test),
    inputShape: inputs === "oneHot" ? [length, vocabulary] : [length],
    targetShape: targets === "each" ? [length, width] : [width],
    features: seen,
    timesteps: length,
    continues: stride === length ? 1 : undefined,
    classes: loss === "sparseCategoricalCrossentropy" ? vocabulary : null,
    requiredLag: null,
    baselineLoss: (asked, weights) => constantBaseline(asked, own.targets, own.samples * timesteps, width, weights),
    warnings: [],
  };
}

/** Characters `from` … `from + length − 1` of every sample, without a copy if the samples are adjacent. */
function pieces(
  indices: Float32Array,
  { samples, stride, from, length }: { samples: number; stride: number; from: number; length: number },
): Float32Array {
  if (stride === length) return indices.subarray(from, from + samples * length);
  const result = new Float32Array(samples * length);
  for (let i = 0; i < samples; i++)
    result.set(indices.subarray(i * stride + from, i * stride + from + length), i * length);
  return result;
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
