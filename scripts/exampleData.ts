/**
 * Makes the data files of the examples `classification` (NPY) and `stacked` (NPZ), which are the same every time: `node
 * tools/ts.mjs scripts/exampleData.ts`.
 */

import fs from "node:fs";
import path from "node:path";
import { zipSync } from "fflate";
import { examples } from "../tools/examples/folders.ts";

const classification = { samples: 640, timesteps: 20 };
const stacked = { samples: 600, timesteps: 20, features: 10 };

/** NPY, version 1.0: the format that numpy.save writes for bytes. */
function npy(type: "|i1" | "|u1", shape: readonly number[], values: Int8Array | Uint8Array): Uint8Array {
  const dimensions = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': ${dimensions}, }`;
  // Magic, version and length take 10 bytes; the header ends with a line end, at a multiple of 64.
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${header.padEnd(length - 1)}\n`, "latin1");
  head.writeUInt16LE(length, 8);
  return Buffer.concat([head, new Uint8Array(values.buffer)]);
}

/**
 * Whole numbers from 0 to `below` − 1, from a linear congruential generator (Numerical Recipes): the same on every
 * platform.
 */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * Random walks with steps of −2 to 2; in class 1 upward steps are drawn twice as often. The class says whether the walk
 * leads up or down.
 */
function walks(): { readonly x: Uint8Array; readonly y: Uint8Array } {
  const { samples, timesteps } = classification;
  const random = randomNumbers(1);
  const y = Uint8Array.from({ length: samples }, () => random(2));
  const x = new Int8Array(samples * timesteps);
  y.forEach((up, sample) => {
    for (let t = 0; t < timesteps; t++) {
      const size = random(3);
      const upwards = (random(3) > 0 ? 1 : 0) === up;
      x[sample * timesteps + t] = upwards ? size : -size;
    }
  });
  return { x: npy("|i1", [samples, timesteps, 1], x), y: npy("|u1", [samples, 1], y) };
}

/**
 * Ten sensors, each quiet (0) or disturbed (−1, 1). The first two also send one pulse of 3 each, at two different
 * timesteps. Class 1 means that the second sensor's pulse comes first.
 */
function pulses(): { readonly x: Uint8Array; readonly y: Uint8Array } {
  const { samples, timesteps, features } = stacked;
  const random = randomNumbers(2);
  const x = Int8Array.from({ length: samples * timesteps * features }, () => Math.trunc((random(6) - 2.5) / 2));
  const y = Uint8Array.from({ length: samples }, (_, sample) => {
    const first = random(timesteps);
    const second = (first + 1 + random(timesteps - 1)) % timesteps;
    x[(sample * timesteps + first) * features] = 3;
    x[(sample * timesteps + second) * features + 1] = 3;
    return second < first ? 1 : 0;
  });
  return { x: npy("|i1", [samples, timesteps, features], x), y: npy("|u1", [samples], y) };
}

const { x, y } = walks();
fs.writeFileSync(path.join(examples, "classification", "x.npy"), x);
fs.writeFileSync(path.join(examples, "classification", "y.npy"), y);
const arrays = pulses();
// A fixed time for the zip's entries gives the same bytes every time.
const mtime = new Date(1980, 0, 1);
fs.writeFileSync(
  path.join(examples, "stacked", "pulses.npz"),
  zipSync({ "x.npy": [arrays.x, { mtime }], "y.npy": [arrays.y, { mtime }] }),
);
