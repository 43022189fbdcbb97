import { describe, expect, it } from "vitest";
import { readRun } from "../../../src/tensorboard/readRun.ts";
import { eventFile, recordedFile } from "./files.ts";

const read = async (...names: readonly string[]) => {
  const run = await readRun(
    names.map((name) => eventFile(recordedFile(name))),
    "run",
    "folder",
  );
  if (!run) throw new Error("no run");
  return run;
};

/** Two PyTorch processes on halves of a batch, and one on the whole (test/fixtures/tensorboard/record.py). */
describe("several processes of one training", () => {
  it("have together the figures of one process on the whole batch", async () => {
    const whole = await read("one-process.tfevents");
    // Whatever the order of the files.
    const both = await read("rank-1.tfevents", "rank-0.tfevents");
    expect(both).toMatchObject({ ranks: [0, 1], damaged: 0, writer: "gradlens-torch 0.1.0" });
    expect([...both.history.steps]).toEqual([1, 2, 3]);
    const close = (a: Float64Array | undefined, b: Float64Array | undefined) => {
      expect(a?.length).toBe(b?.length);
      expect(a?.length).toBeGreaterThan(0);
      for (const [i, value] of (a ?? []).entries()) {
        const other = b?.[i] ?? Number.NaN;
        if (Number.isNaN(other) || !Number.isFinite(other)) expect(value).toBe(other);
        else expect(Math.abs(value - other)).toBeLessThan(1e-4 * Math.max(1, Math.abs(other)));
      }
    };
    for (const quantity of ["loss", "gradientNorm", "clippedGradientNorm"] as const)
      close(both.history.series(quantity), whole.history.series(quantity));
    const lstm = whole.history.info.layers.findIndex(({ recurrent }) => recurrent);
    for (const state of ["h", "c"] as const) {
      for (const what of ["logNorm", "gain", "nonFinite"] as const)
        close(both.history.profile(lstm, `${state}.${what}`), whole.history.profile(lstm, `${state}.${what}`));
      // Computed from the combined profiles, because they do not combine themselves.
      for (const quantity of ["horizon", "survival", "meanGain"] as const)
        close(both.history.series(quantity, lstm, state), whole.history.series(quantity, lstm, state));
    }
  });

  it("are parts: each alone has other figures", async () => {
    const [whole, half] = [await read("one-process.tfevents"), await read("rank-0.tfevents")];
    expect(half.ranks).toEqual([0]);
    expect(half.history.latest("loss")).not.toBeCloseTo(whole.history.latest("loss") ?? 0, 3);
  });

  it("say where the program began the run, and who writes", async () => {
    const run = await read("one-process.tfevents");
    expect(run.source).toMatchObject({ file: "/project/train.py" });
    expect(run.source?.text).toContain("gradlens.watch(");
    expect(run.pid).toBeGreaterThan(0);
    expect(run.sources.some((source) => source?.text.includes("nn.LSTM("))).toBe(true);
  });
});
