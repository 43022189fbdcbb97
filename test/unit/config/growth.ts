/** Texts that attack a config's reader, in growing sizes, and the cost of their growth. */

import { worksOf } from "./work.ts";

const models = '"models":{"m":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":1}]}}';
const layers = '"layers":[{"type":"lstm","units":2},{"type":"dense","units":1}]';
const data = '"data":{"task":"addingProblem","length":20}';

/** Comma-separated parts with about `size` characters in total. */
function fill(size: number, part: (i: number) => string): string {
  const parts: string[] = [];
  for (let i = 0, length = 0; length < size; i++) {
    const next = part(i);
    parts.push(next);
    length += next.length + 1;
  }
  return parts.join(",");
}

function noise(size: number, alphabet: string): string {
  let seed = 7;
  const next = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed;
  };
  return Array.from({ length: size }, () => alphabet[(next() >> 8) % alphabet.length]).join("");
}

const key = (i: number): string => `"k${i}":1`;

/** Each attack: a text of about `size` characters. */
export const attacks: { readonly [name: string]: (size: number) => string } = {
  "unknown keys of training": (n) => `{${data},"training":{${fill(n, key)}},${models}}`,
  "unknown keys of the config": (n) => `{${data},${models},${fill(n, key)}}`,
  "unknown keys of a layer": (n) => `{${data},"models":{"m":{"layers":[{"type":"dense","units":1,${fill(n, key)}}]}}}`,
  "unknown keys of a model": (n) => `{${data},"models":{"m":{${layers},${fill(n, key)}}}}`,
  "unknown keys that are null": (n) => `{${data.slice(0, -1)},${fill(n, (i) => `"k${i}":null`)}},${models}}`,
  "open lists": (n) => "[".repeat(n),
  "lists closed by braces": (n) => `{"a":${"[}".repeat(n / 2)}`,
  "commas alone": (n) => `{${",".repeat(n)}`,
  "lists of lists": (n) => `{${data},${models},"x":[${fill(n, () => "[".repeat(50) + "]".repeat(50))}]}`,
  "one long key": (n) => `{${data},${models},"${"a".repeat(n)}":1}`,
  "one long value": (n) => `{${data},"training":{"optimizer":"${"a".repeat(n)}"},${models}}`,
  "models again and again": (n) => `{${data},${fill(n, () => `"models":{}`)}}`,
  "one model again and again": (n) => `{${data},"models":{${fill(n, () => `"m":{${layers}}`)}}}`,
  "many models": (n) => `{${data},"models":{${fill(n, (i) => `"m${i}":{${layers}}`)}}}`,
  "models that are none": (n) => `{${data},"models":{${fill(n, (i) => `"m${i}":1`)}}}`,
  "a long chain of models": (n) =>
    `{${data},"models":{"m0":{${layers}},${fill(n, (i) => `"m${i + 1}":{"extends":"m${i}"}`)}}}`,
  "models that extend nothing": (n) =>
    `{${data},"models":{${fill(n, (i) => `"m${i + 10_000}":{"extends":"n${i + 10_000}"}`)}}}`,
  "models over a large section": (n) =>
    `{${data},"training":{${fill(n / 2, key)}},"models":{${fill(n / 2, (i) => `"m${i}":{"training":{"seed":${i}},${layers}}`)}}}`,
  "models over many columns": (n) =>
    `{"data":{"file":"a.csv","targets":["y"],"inputs":[${fill(n / 2, (i) => `"k${i}"`)}]},"models":{${fill(n / 2, (i) => `"m${i}":{"data":{"test":0.${i + 1}},${layers}}`)}}}`,
  "layers beyond number": (n) => `{${data},"models":{"m":{"layers":[${fill(n, () => '{"type":"dense","units":1}')}]}}}`,
  "inputs that are no layers": (n) =>
    `{${data},"models":{"m":{"layers":[{"type":"add","inputs":[${fill(n, (i) => `"q${i}"`)}]}]}}}`,
  "weights of no classes": (n) =>
    `{${data},"training":{"loss":"categoricalCrossentropy","classWeight":{${fill(n, (i) => `"c${i}":1`)}}},${models}}`,
  "lines that end in a carriage return": (n) => `{${data},${models},\r${fill(n, (i) => `${key(i)}\r`)}}`,
  "escapes that are none": (n) => `["${"\\q".repeat(n / 2)}"]`,
  "characters at random": (n) => noise(n, '{}[]",:1a \n\r/*\\'),
};

/**
 * The factor by which the work of `run` grows for four times the size: about 4 if it is linear, 16 if it is quadratic.
 * The first run fills what is kept between runs, and does not count.
 */
export function growth(run: (size: number) => () => void, size: number): number {
  const [small, large] = [run(size), run(4 * size)];
  small();
  const [of = 0, ofLarge = 0] = worksOf(small, large);
  return ofLarge / of;
}
