import { describe, expect, it } from "vitest";
import { byStart } from "../../../src/host/runs/startOrder.ts";

const order = (...runs: readonly (readonly [string, number])[]) =>
  runs
    .map(([runId, startedAt]) => ({ runId, startedAt }))
    .sort(byStart)
    .map(({ runId }) => runId);

describe("runs in the order of their start", () => {
  it("are ordered by time, whatever their names say", () => {
    expect(order(["probe-9-1", 20], ["train-1-1", 10])).toEqual(["train-1-1", "probe-9-1"]);
  });

  it("are ordered by the counter of their ids within a millisecond, in whichever order they are listed", () => {
    const expected = ["train-5-2", "probe-5-3", "probe-5-10"];
    expect(order(["probe-5-10", 5], ["probe-5-3", 5], ["train-5-2", 5])).toEqual(expected);
    expect(order(["train-5-2", 5], ["probe-5-10", 5], ["probe-5-3", 5])).toEqual(expected);
  });
});
