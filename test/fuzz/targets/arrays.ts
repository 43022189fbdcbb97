/** Arrays in NPY, NPZ and JSON, and plain text in any encoding. */

import fs from "node:fs";
import path from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { zipSync } from "fflate";
import { encodings } from "../../../src/config/encodings.ts";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { readArray } from "../../../src/engine/formats/arrays/readArray.ts";
import { readCharacters } from "../../../src/engine/formats/readCharacters.ts";
import { mutatedBytes, mutatedText, mutatedTree } from "../mutate.ts";
import { checkMessage, Fault, type Taken, type Target, target } from "../target.ts";

/** @param type NumPy's name: `<f4`. */
function npy(type: string, shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const head = `{'descr': '${type}', 'fortran_order': ${shape.length > 2 ? "True" : "False"}, 'shape': (${shape.join(", ")},), }`;
  const padded = `${head.padEnd(117)}\n`;
  return Uint8Array.from([0x93, ...Buffer.from("NUMPY"), 1, 0, padded.length, 0, ...Buffer.from(padded), ...bytes]);
}

const types = [
  ["<f4", 4],
  [">f8", 8],
  ["<f2", 2],
  ["|b1", 1],
  ["<i8", 8],
  ["|u1", 1],
  ["<U3", 12],
  ["|O", 8],
] as const;

const npyFiles = types.flatMap(([type, size]) =>
  [[4], [2, 3], [2, 2, 2]].map((shape) =>
    npy(type, shape, new Uint8Array(size * shape.reduce((product, n) => product * n, 1)).fill(1)),
  ),
);

/** Changes of an archive's entries, before they are compressed: a changed archive seldom passes its check sums. */
const archives: Arbitrary<Uint8Array> = fc
  .tuple(fc.array(mutatedBytes(npyFiles, 2), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([files, packed]) =>
    zipSync(Object.fromEntries(files.map((file, i) => [["x.npy", "y.npy", "z"][i] ?? "", file])), {
      level: packed ? 6 : 0,
    }),
  );

const trees: readonly JsonValue[] = [
  [1, 2, 3.5],
  [
    [1, 2],
    [3, 4],
  ],
  { x: [[[1], [2]]], y: [0, 1] },
  [
    { a: 1, b: 2 },
    { a: 3, b: 4.5 },
  ],
];

const texts: Arbitrary<Uint8Array> = fc
  .oneof(
    mutatedTree(trees).map((tree) => JSON.stringify(tree)),
    mutatedText([...trees.map((tree) => JSON.stringify(tree, null, 1)), "[1,2]\n[3,4]\n", '{"a":1}\n{"a":2}\n']),
  )
  .map((text) => new TextEncoder().encode(text));

interface Input {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly array: string | null;
}

const named = (name: string, bytes: Arbitrary<Uint8Array>): Arbitrary<Input> =>
  fc.record({ name: fc.constant(name), bytes, array: fc.constantFrom(null, null, "x", "a") });

export const arrays: Target = target({
  name: "arrays: NPY, NPZ, JSON",
  share: 10,
  quick: 250,
  accepted: 0.1,
  inputs: () =>
    fc.oneof(
      named("x.npy", mutatedBytes(npyFiles, 3)),
      named(
        "x.npz",
        fc.oneof(
          archives,
          archives.chain((one) => mutatedBytes([one], 2)),
        ),
      ),
      named("x.json", texts),
      named("x.jsonl", texts),
    ),
  open: (folder) => ({
    one: async ({ name, bytes, array }): Promise<Taken> => {
      fs.writeFileSync(path.join(folder, name), bytes);
      const read = await readArray({ file: name, array }, folder, "x");
      if ("fault" in read) {
        checkMessage(read.fault, name);
        return "refused";
      }
      const { shape, values } = read;
      const count = shape.reduce((product, n) => product * n, 1);
      if (!values.every(Number.isFinite)) throw new Fault("a value is not finite");
      if (count !== values.length) throw new Fault(`${values.length} values in the shape ${shape.join(" × ")}`);
      return "accepted";
    },
  }),
  shown: ({ bytes }) => bytes,
  again: (bytes, like) => ({ ...like, bytes }),
});

const proses = ["To be, or not to be: that is the question.\n", "循环神经网络的梯度消失\n", "Größe, naïve, Ñandú\r\n"];

export const plainTexts: Target = target({
  name: "plain texts",
  share: 3,
  quick: 60,
  accepted: 0.3,
  inputs: () =>
    fc.record({
      bytes: mutatedBytes([
        ...proses.map((text) => new TextEncoder().encode(text)),
        ...proses.map((text) => new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"))),
        new Uint8Array(Buffer.from(proses[2] ?? "", "latin1")),
      ]),
      encoding: fc.constantFrom(null, null, ...encodings),
      lowerCase: fc.boolean(),
    }),
  open: (folder) => ({
    one: async ({ bytes, encoding, lowerCase }): Promise<Taken> => {
      const file = path.join(folder, "t.txt");
      fs.writeFileSync(file, bytes);
      const read = await readCharacters(file, "t.txt", { encoding, lowerCase });
      if ("fault" in read) {
        checkMessage(read.fault, "a text");
        return "refused";
      }
      if (read.indices.some((index) => !(index >= 0 && index < read.vocabulary)))
        throw new Fault("a character is not in the vocabulary");
      return "accepted";
    },
  }),
  shown: ({ bytes }) => bytes,
  again: (bytes, like) => ({ ...like, bytes }),
});
