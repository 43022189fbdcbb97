/** Changes of HDF5 files that keep most of their structure: the description of the model, and the fields of headers. */

import fc, { type Arbitrary } from "fast-check";
import * as z from "zod";
import type { JsonValue } from "../../src/config/resolved.ts";
import { mutatedTree } from "./mutate.ts";

/** Where headers and tables begin, as the format names them; and the signature of the file itself. */
const signatures = ["TREE", "SNOD", "HEAP", "GCOL", "OHDR", "FRHP", "FSHD", "BTLF", "\x89HDF"];

/** Addresses, sizes and counts at which a reader fails. */
const oddFields = [0, 1, 7, 8, 255, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53 - 1];

interface FieldChange {
  readonly at: number;
  readonly offset: number;
  readonly bytes: number;
  readonly value: number;
}

const fieldChange: Arbitrary<FieldChange> = fc.record({
  at: fc.nat(10_000),
  offset: fc.integer({ min: 0, max: 64 }),
  bytes: fc.constantFrom(1, 2, 4, 8),
  value: fc.oneof(fc.constantFrom(...oddFields), fc.nat(65_536)),
});

/** @param wise keys that mean something in a description. */
export function mutatedH5(files: readonly Uint8Array[], wise: readonly string[]): Arbitrary<Uint8Array> {
  return fc.constantFrom(...files).chain((file) => {
    const places = placesOf(file);
    const fields = fc
      .array(fieldChange, { minLength: 1, maxLength: 3 })
      .map((changes) => changes.reduce((now, change) => withField(now, places, change), file));
    const description = descriptionOf(file);
    if (!description) return fields;
    const described = mutatedTree([description.tree], 2, wise).map((tree) => withDescription(file, description, tree));
    return fc.oneof({ weight: 2, arbitrary: described }, fields);
  });
}

/** The offsets of all signatures. */
function placesOf(file: Uint8Array): readonly number[] {
  const text = Buffer.from(file).toString("latin1");
  return signatures.flatMap((signature) => {
    const found: number[] = [];
    for (let at = text.indexOf(signature); at >= 0; at = text.indexOf(signature, at + 1)) found.push(at);
    return found;
  });
}

function withField(file: Uint8Array, places: readonly number[], change: FieldChange): Uint8Array {
  const copy = file.slice();
  const from = (places[change.at % places.length] ?? 0) + change.offset;
  for (let i = 0; i < change.bytes && from + i < copy.length; i++)
    copy[from + i] = Math.floor(change.value / 256 ** i) % 256;
  return copy;
}

interface Description {
  readonly from: number;
  readonly length: number;
  readonly tree: JsonValue;
}

/** The JSON text of the model, which Keras writes as one attribute. */
function descriptionOf(file: Uint8Array): Description | null {
  const text = Buffer.from(file).toString("latin1");
  const from = text.search(/\{"(?:class_name|module|config)":/);
  if (from < 0) return null;
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"' && text[at - 1] !== "\\") quoted = !quoted;
    if (quoted) continue;
    if (character === "{") depth++;
    if (character === "}" && --depth === 0) {
      const length = at + 1 - from;
      return { from, length, tree: z.json().parse(JSON.parse(text.slice(from, from + length))) };
    }
  }
  return null;
}

/** The file with another description in the same place, filled up with spaces; one that is too long is cut off. */
function withDescription(file: Uint8Array, { from, length }: Description, tree: JsonValue): Uint8Array {
  const copy = file.slice();
  const bytes = Buffer.from(JSON.stringify(tree)).subarray(0, length);
  copy.fill(0x20, from, from + length);
  copy.set(bytes, from);
  return copy;
}
