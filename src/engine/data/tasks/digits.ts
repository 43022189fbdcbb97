/** Sequential digits, with the images that are shipped with the engine (README.md names their source). */

import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { digitImages } from "../../../config/limits.ts";
import type { SequentialDigitsData } from "../../../config/resolved.ts";
import { createRandom, permutation } from "../random.ts";
import type { TaskSamples } from "./samples.ts";

const pixels = 64;
/** The highest value of a pixel. */
const white = 16;

/**
 * Images of ten digits, one pixel per timestep, from 0 to 1 (Le, Jaitly & Hinton 2015, section 4.2, with smaller
 * images). It is unknown how far back the gradient has to reach.
 */
export async function sequentialDigits({ permute, samples, seed }: SequentialDigitsData): Promise<TaskSamples> {
  const { images, labels } = await readDigits();
  const random = createRandom(seed);
  const chosen = permutation(digitImages, random).subarray(0, samples);
  const order = permutation(pixels, random);
  if (!permute) order.sort();
  const inputs = new Float32Array(samples * pixels);
  chosen.forEach((image, i) => {
    for (let t = 0; t < pixels; t++) inputs[i * pixels + t] = images[image * pixels + order[t]!]! / white;
  });
  return {
    inputs,
    targets: Float32Array.from(chosen, (image) => labels[image]!),
    targetTimesteps: null,
    classes: 10,
    requiredLag: null,
    overlap: 0,
    baselines: {},
  };
}

interface Digits {
  /** `digitImages × 64`, 0 to 16, row by row from the top left. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** The file lies beside this one, or beside the bundle: all pixels, then all labels, one byte each, gzipped. */
async function readDigits(): Promise<Digits> {
  const bytes = await promisify(gunzip)(await readFile(path.join(__dirname, "digits.gz")));
  return { images: bytes.subarray(0, digitImages * pixels), labels: bytes.subarray(digitImages * pixels) };
}
