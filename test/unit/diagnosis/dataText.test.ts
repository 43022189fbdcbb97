import { describe, expect, it } from "vitest";
import { dataLines } from "../../../src/diagnosis/text/dataText.ts";
import { dataHoverTexts, type KnownData } from "../../../src/host/inline/dataHover.ts";
import type { DataFacts } from "../../../src/protocol/dataFacts.ts";
import { column, dataFacts, part } from "./dataFacts.ts";

const mse = "meanSquaredError";

describe("the description of data", () => {
  it("has two lines if nothing is remarkable", () => {
    expect(dataLines(dataFacts(), mse)).toEqual([
      "1000 samples to learn from; inputs from −1.7 to 1.7, mean 0, deviation 1",
      "targets from −1.7 to 1.7, mean 0, deviation 1",
    ]);
  });

  it("names what is odd about columns, five at most", () => {
    const columns = Array.from({ length: 8 }, (_, i) => column(i, 0, { name: `k${i}` }));
    const lines = dataLines(
      dataFacts({
        inputs: part(
          ...columns,
          column(0, 1, { name: "a", outliers: 0.02, max: 90 }),
          column(0, 1, { duplicateOf: 8 }),
        ),
      }),
      mse,
    );
    expect(lines.slice(2)).toEqual([
      'constant input columns "k0", "k1", "k2", "k3", "k4" and 3 more',
      'duplicate input column 10 (same as "a")',
      'outliers in input column "a" (2 % of the values, from −1.7 to 90)',
    ]);
  });

  it("names classes, indices, padding, and what the first layers do", () => {
    const facts: DataFacts = dataFacts({
      classes: [0, 1, 2, 3, 4, 5, 6],
      reading: { as: "indices", scale: 1, offset: 0 },
      inputs: part(column(4000, 2000, { min: 0, max: 9000 })),
      padding: { at: "start", share: 0.4, longest: 12, masked: true },
    });
    expect(dataLines(facts, "sparseCategoricalCrossentropy")).toEqual([
      "1000 samples to learn from; inputs are indices from 0 to 9000",
      "targets are classes: 7 occur, 0, 1, 2, 3, 4, 5, …",
      "40 % of the timesteps are padding (zeros at the start), masked; the longest sample has 12 timesteps without it",
    ]);
    const bytes = part(column(120, 70, { min: 0, max: 255 }));
    const rescaled = dataFacts({ inputs: bytes, reading: { as: "values", scale: 1 / 255, offset: 0 } });
    expect(dataLines(rescaled, mse)[2]).toBe("a layer of the net rescales the inputs to 0 to 1");
    expect(dataLines(dataFacts({ inputs: bytes }), mse)[2]).toBe("inputs far from unit scale");
    const normalized = dataFacts({ inputs: bytes, reading: { as: "normalized", scale: 1, offset: 0 } });
    expect(dataLines(normalized, mse)[2]).toContain("normalizes the inputs");
  });
});

describe("the hover on data", () => {
  const known = (name: string, facts: DataFacts, stale = false): KnownData => ({ name, facts, stale, loss: mse });

  it("shows what was measured, once for the models that share it", () => {
    const texts = dataHoverTexts([known("a", dataFacts()), known("b_c", dataFacts())]);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain("**data** of a, b\\_c\n\n- 1000 samples to learn from");
    expect(texts[0]).not.toContain("before your edit");
  });

  it("escapes the names of columns, and marks what is stale", () => {
    const odd = dataFacts({ inputs: part(column(1, 0, { name: "[x](command:evil)" })) });
    const [text] = dataHoverTexts([known("a", odd, true)]);
    expect(text).toContain("measured before your edit");
    expect(text).not.toContain("](command:");
  });
});
