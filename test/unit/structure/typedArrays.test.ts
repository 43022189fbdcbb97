import { expect, it } from "vitest";

it("typed arrays are equal by value, whatever makes the comparison quick", () => {
  const values = Float32Array.of(1, Number.NaN, -0);
  expect({ deep: [values.slice()] }).toEqual({ deep: [values] });
  expect(new Float32Array([0, ...values]).subarray(1)).toEqual(values);
  // Another NaN has other bytes.
  expect(new Float32Array(Uint32Array.of(0xffc00001).buffer)).toEqual(Float32Array.of(Number.NaN));
  for (const other of [Float32Array.of(1, Number.NaN, 0), Float32Array.of(1, 2, -0), values.subarray(1)])
    expect(other).not.toEqual(values);
  expect(Float64Array.from(values)).not.toEqual(values);
});
