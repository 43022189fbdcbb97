/**
 * Comparison of typed arrays by their bytes first: vitest's own takes a microsecond for each value, seconds of a test
 * that compares gradients. Where the bytes differ, vitest decides and says what differs.
 */

import { expect } from "vitest";

const added = Symbol.for("gradlens.typedArrays");

function sameBytes(a: unknown, b: unknown): boolean | undefined {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return undefined;
  if (a.constructor !== b.constructor || a.byteLength !== b.byteLength) return undefined;
  return bytes(a).equals(bytes(b)) ? true : undefined;
}

function bytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

// Test files share what is loaded, and this file runs before each of them.
if (!Reflect.has(globalThis, added)) {
  Reflect.set(globalThis, added, true);
  expect.addEqualityTesters([sameBytes]);
}
