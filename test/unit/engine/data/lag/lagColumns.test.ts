import { describe, expect, it } from "vitest";
import { channelsOf } from "../../../../../src/engine/data/lag/channels.ts";
import { examplesOf } from "../../../../../src/engine/data/lag/examples.ts";
import { designOf } from "../../../../../src/engine/data/lag/lagColumns.ts";
import { sequences } from "./sequences.ts";

describe("a design", () => {
  const axis = { timesteps: 60, width: 1 };
  const dataset = sequences(
    100,
    [60, 1],
    (random) => random.normal(),
    (x) => x(0),
    1,
  );
  const examples = examplesOf(dataset, axis, false)!;
  const channels = channelsOf(dataset, axis, examples, false);

  it("reads no more of the past than its columns need", () => {
    const read = new Set<number>();
    const heard = {
      ...examples,
      rowOf: (i: number, lag: number) => {
        read.add(lag);
        return examples.rowOf(i, lag);
      },
    };
    designOf(heard, channels, [
      { kind: "single", channel: 0, lag: 50 },
      { kind: "product", a: { channel: 0, lag: 2 }, b: { channel: 0, lag: 30 }, lag: 30 },
      { kind: "mean", channel: 0, from: 10, lag: 12 },
    ]);
    expect([...read].sort((a, b) => a - b)).toEqual([2, 10, 11, 12, 30, 50]);
  });
});
