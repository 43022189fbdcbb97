import { describe, expect, it } from "vitest";
import { tensorflowHint } from "../../../../src/engine/process/doctor.ts";

const without = (reason: string) =>
  tensorflowHint({ name: "wasm", label: "WASM", rejected: [{ name: "tensorflow", reason }] });

describe("the doctor's hint about TensorFlow", () => {
  it.each([
    "@tensorflow/tfjs-node is not installed",
    "@tensorflow/tfjs-node is installed, but its native library cannot be loaded: libtensorflow.so.2",
  ])("says how to get it: %s", (reason) => {
    expect(without(reason)).toContain("docs/backends.md");
  });

  it.each(['not tried: "cpu" was asked for', "@tensorflow/tfjs-node is version 3.1, but 4.22 is needed"])(
    "is empty if that would not help: %s",
    (reason) => {
      expect(without(reason)).toBeNull();
    },
  );

  it("is empty if TensorFlow is there", () => {
    expect(tensorflowHint({ name: "tensorflow", label: "TensorFlow", rejected: [] })).toBeNull();
  });
});
