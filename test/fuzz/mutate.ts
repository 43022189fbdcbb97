/** Random changes of bytes, texts and trees of JSON. Each is a value of its own, so that a failing case can be shrunk. */

import fc, { type Arbitrary } from "fast-check";
import type { JsonValue } from "../../src/config/resolved.ts";

/** Values at which programs fail: limits of integers and of floating-point numbers, and long repetitions. */
const oddBytes = [
  [0],
  [0xff],
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
  [0, 0, 0xc0, 0x7f],
  [0xef, 0xbb, 0xbf],
  [0xed, 0xa0, 0x80],
  [0x0d],
  [0x0a],
  [0x22],
];

/** One change; `at` and `length` are parts of the length of what it changes. */
type ByteChange =
  | { readonly kind: "set"; readonly at: number; readonly bytes: readonly number[] }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: readonly number[] }
  | { readonly kind: "remove" | "repeat" | "cut"; readonly at: number; readonly length: number };

const part = fc.double({ min: 0, max: 1, noNaN: true });
const someBytes = fc.oneof(fc.constantFrom(...oddBytes), fc.array(fc.nat(255), { minLength: 1, maxLength: 8 }));

const byteChange: Arbitrary<ByteChange> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("set" as const), at: part, bytes: someBytes }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("insert" as const), at: part, bytes: someBytes }) },
  fc.record({
    kind: fc.constantFrom("remove" as const, "repeat" as const, "cut" as const),
    at: part,
    length: fc.double({ min: 0, max: 0.2, noNaN: true }),
  }),
);

function changed(bytes: Uint8Array, change: ByteChange): Uint8Array {
  const at = Math.floor(change.at * bytes.length);
  const before = bytes.subarray(0, at);
  switch (change.kind) {
    case "set": {
      const copy = bytes.slice();
      copy.set(change.bytes.slice(0, bytes.length - at), at);
      return copy;
    }
    case "insert":
      return joined([before, Uint8Array.from(change.bytes), bytes.subarray(at)]);
    case "cut":
      return before;
    default: {
      const end = Math.min(bytes.length, at + Math.max(1, Math.floor(change.length * bytes.length)));
      const again = change.kind === "repeat" ? [bytes.subarray(at, end), bytes.subarray(at, end)] : [];
      return joined([before, ...again, bytes.subarray(end)]);
    }
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

/** Files of the corpus with up to `most` changes; about one in six is unchanged. */
export function mutatedBytes(corpus: readonly Uint8Array[], most = 5): Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...corpus), fc.array(byteChange, { maxLength: most }))
    .map(([file, changes]) => changes.reduce(changed, file));
}

/** Pieces of text that mean something to one of the readers. */
const oddTexts = [
  "",
  " ",
  ",",
  ";",
  '"',
  "'",
  "\\",
  "\r",
  "\n",
  "\u0000",
  "\ufeff",
  "\u2028",
  "NaN",
  "Infinity",
  "-0",
  "1e999",
  "1.797e308",
  "9007199254740993",
  "null",
  "true",
  "[",
  "{",
  "]",
  "}",
  ":",
  "/*",
  "//",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "\u202e",
  "😀",
  "\ud800",
  "<script>",
  "%s",
  "{0}",
];

export const oddText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ maxLength: 12, unit: "grapheme" }),
  fc.double().map(String),
);

/** Texts of the corpus with up to `most` pieces put in, taken out or written twice. */
export function mutatedText(corpus: readonly string[], most = 4): Arbitrary<string> {
  const change = fc.record({ at: part, length: fc.nat(30), kind: fc.nat(3), text: oddText });
  return fc.tuple(fc.constantFrom(...corpus), fc.array(change, { maxLength: most })).map(([text, changes]) =>
    changes.reduce((now, { at, length, kind, text: piece }) => {
      const from = Math.floor(at * now.length);
      const [before, inside, after] = [now.slice(0, from), now.slice(from, from + length), now.slice(from + length)];
      if (kind === 0) return before + piece + inside + after;
      if (kind === 1) return before + piece + after;
      return kind === 2 ? before + after : before + inside + inside + after;
    }, text),
  );
}

const oddValue: Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, 0, -1, 1, 0.5, 2 ** 31, 2 ** 53, 1e308, -1e-320, [], {}, [[]], ""),
  oddText,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.array(fc.integer({ min: -3, max: 40 }), { maxLength: 4 }).map((list) => [...list]),
);

type TreeChange = { readonly at: number; readonly kind: number; readonly value: JsonValue; readonly key: string };

/** @param wise keys that mean something in this tree, beside those that it has. */
export function mutatedTree(
  corpus: readonly JsonValue[],
  most = 3,
  wise: readonly string[] = [],
): Arbitrary<JsonValue> {
  const key = wise.length > 0 ? fc.oneof(oddText, fc.constantFrom(...wise)) : oddText;
  const change: Arbitrary<TreeChange> = fc.record({ at: part, kind: fc.nat(5), value: oddValue, key });
  return fc
    .tuple(fc.constantFrom(...corpus), fc.array(change, { maxLength: most }))
    .map(([tree, changes]) => changes.reduce((now, one) => changedTree(now, one), tree));
}

/** Replaces, removes, doubles, moves or adds the value at a part of all places of the tree. */
function changedTree(tree: JsonValue, change: TreeChange): JsonValue {
  const places = placesOf(tree);
  const chosen = places[Math.min(places.length - 1, Math.floor(change.at * places.length))] ?? [];
  const other = valueAt(tree, places[Math.floor(places.length * (1 - change.at))] ?? []);
  return rebuilt(tree, chosen, (value) => {
    if (change.kind === 0) return undefined;
    if (change.kind === 1) return other;
    if (change.kind === 2 && Array.isArray(value)) return [...value, ...value];
    if (change.kind === 3 && isTree(value)) return { ...value, [change.key]: change.value };
    if (change.kind === 4 && typeof value === "number") return value * 2 - 1;
    return change.value;
  });
}

type Place = readonly (string | number)[];

function isTree(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function placesOf(tree: JsonValue, place: Place = []): readonly Place[] {
  if (Array.isArray(tree)) return [place, ...tree.flatMap((value: JsonValue, i) => placesOf(value, [...place, i]))];
  if (!isTree(tree)) return [place];
  return [place, ...Object.entries(tree).flatMap(([key, value]) => placesOf(value, [...place, key]))];
}

function valueAt(tree: JsonValue, [first, ...rest]: Place): JsonValue {
  if (first === undefined) return tree;
  const inside = Array.isArray(tree) ? tree[Number(first)] : isTree(tree) ? tree[String(first)] : undefined;
  return inside === undefined ? null : valueAt(inside, rest);
}

function rebuilt(
  tree: JsonValue,
  [first, ...rest]: Place,
  change: (value: JsonValue) => JsonValue | undefined,
): JsonValue {
  if (first === undefined) return change(tree) ?? null;
  const inside = (value: JsonValue): readonly JsonValue[] => {
    const next = rest.length === 0 ? change(value) : rebuilt(value, rest, change);
    return next === undefined ? [] : [next];
  };
  if (Array.isArray(tree)) return tree.flatMap((value: JsonValue, i) => (i === first ? inside(value) : [value]));
  if (!isTree(tree)) return tree;
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      key === first ? inside(value).map((next): [string, JsonValue] => [key, next]) : [[key, value] as const],
    ),
  );
}
