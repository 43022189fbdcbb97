import { describe, expect, it } from "vitest";
import { flowLayout } from "../../../webview/blocks/deep/flowLayout.ts";

const some = Float64Array.of(3, 8);

describe("the layout of the flow matrix", () => {
  it.each([
    [[100], 100, true],
    [[50, 100], 100, true],
    [[1], 1, false],
    [[1, 2], 2, false],
    [Array.from({ length: 8 }, (_, i) => 4 * i + 4), 32, true],
    [Array.from({ length: 9 }, (_, i) => 10 * i + 10), 90, false],
    [[], 10, true],
  ])("has a row for each loss if they are few: %j of %j", (losses, timesteps, sparse) => {
    expect(flowLayout(Float64Array.from(losses), timesteps).sparse).toBe(sparse);
  });

  it("turns rows on their side, value by value", () => {
    const values = Float64Array.from({ length: 16 }, (_, i) => i);
    const { map } = flowLayout(some, 8);
    const { columns, timesteps, values: turned } = map(values);
    expect([columns, timesteps]).toEqual([8, 2]);
    // Column by column: timestep 1 of both losses, timestep 2 of both, …
    expect([...turned]).toEqual([0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15]);
  });

  it.each([8, 5])("finds a cell at its own place (%j timesteps)", (timesteps) => {
    const layout = flowLayout(some, timesteps);
    for (const cell of [
      { k: 0, t: 1 },
      { k: 1, t: 4 },
    ]) {
      const { x, y } = layout.placeOf(cell);
      expect(layout.cellAt(x + 0.2, y - 0.2)).toEqual(cell);
      const { left, right, bottom, top } = layout.reach(cell.k);
      expect(x > left && x < right && y > bottom && y < top).toBe(cell.t <= (some[cell.k] ?? 0));
    }
  });

  it("labels rows by the timesteps of their losses", () => {
    const { y } = flowLayout(some, 20);
    expect(y.ticks(100)?.map(y.label)).toEqual(["3", "8"]);
  });
});
