import { expect, test } from "vitest";
import { Coalescer } from "../../../../src/engine/process/coalescer.ts";
import { mergeFrames } from "../../../../src/engine/process/mergeFrames.ts";
import type { Frame } from "../../../../src/protocol/frame.ts";

const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minusInf } = Number;

function frame(step: number, values: readonly number[], row: readonly number[] = [step, step * 10]): Frame {
  const profile = Float64Array.from(values);
  return {
    runId: "r",
    seq: step,
    steps: Float64Array.of(step),
    rows: Float64Array.from(row),
    profiles: [{ layer: 0, channel: "h.logNorm", values: profile, max: profile }],
  };
}

test("merging keeps every row, the newest profile and the worst of each timestep", () => {
  const merged = mergeFrames(
    [frame(4, [1, nan, inf, minusInf, 5]), frame(5, [3, 2, nan, minusInf, inf]), frame(6, [2, 9, 9, -7, 1])],
    2,
  );
  expect(merged.seq).toBe(2);
  expect([...merged.steps]).toEqual([4, 5, 6]);
  expect([...merged.rows]).toEqual([4, 40, 5, 50, 6, 60]);
  expect([...merged.profiles[0]!.values]).toEqual([2, 9, 9, -7, 1]);
  expect([...merged.profiles[0]!.max]).toEqual([3, nan, nan, -7, inf]);
});

test("a channel that only some of the frames have is kept", () => {
  const extra = { layer: 1, channel: "c.gain", values: Float64Array.of(0.5), max: Float64Array.of(0.5) } as const;
  const merged = mergeFrames([{ ...frame(1, [1]), profiles: [...frame(1, [1]).profiles, extra] }, frame(2, [2])], 1);
  expect(merged.profiles.map((p) => [p.layer, p.channel, ...p.values])).toEqual([
    [0, "h.logNorm", 2],
    [1, "c.gain", 0.5],
  ]);
});

/** A coalescer with a clock that the test controls. */
function harness() {
  const sent: Frame[] = [];
  let time = 1000;
  let open = true;
  let timers: { at: number; callback: () => void }[] = [];
  const coalescer = new Coalescer({
    send: (f) => sent.push(f),
    canSend: () => open,
    now: () => time,
    later: (callback, milliseconds) => {
      const timer = { at: time + milliseconds, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((t) => t !== timer);
      };
    },
  });
  return {
    coalescer,
    sent,
    setOpen: (value: boolean) => {
      open = value;
    },
    advance(milliseconds: number) {
      time += milliseconds;
      const due = timers.filter((t) => t.at <= time);
      timers = timers.filter((t) => t.at > time);
      for (const { callback } of due) callback();
    },
    timers: () => timers.length,
  };
}

test("the first step is sent at once, then at most 30 frames a second, and nothing is lost", () => {
  const { coalescer, sent, advance, timers } = harness();
  coalescer.push(frame(1, [1]));
  expect(sent.map((f) => [...f.steps])).toEqual([[1]]);
  for (let step = 2; step <= 2001; step++) {
    advance(0.5);
    coalescer.push(frame(step, [step]));
  }
  // One second has passed.
  expect(sent.length).toBeLessThanOrEqual(31);
  expect(sent.length).toBeGreaterThanOrEqual(28);
  coalescer.finish();
  expect(timers()).toBe(0);
  expect(sent.map((f) => f.seq)).toEqual(sent.map((_, i) => i + 1));
  expect(sent.flatMap((f) => [...f.steps])).toEqual(Array.from({ length: 2001 }, (_, i) => i + 1));
  expect(sent.flatMap((f) => [...f.rows])).toEqual(
    Array.from({ length: 2001 }, (_, i) => [i + 1, (i + 1) * 10]).flat(),
  );
});

test("a step without a successor is sent when its time has come", () => {
  const { coalescer, sent, advance } = harness();
  coalescer.push(frame(1, [1]));
  coalescer.push(frame(2, [2]));
  expect(sent.length).toBe(1);
  advance(34);
  expect(sent.map((f) => [...f.steps])).toEqual([[1], [2]]);
});

test("a reader that stopped reading gets what it missed when it resumes", () => {
  const { coalescer, sent, advance, setOpen } = harness();
  coalescer.push(frame(1, [1]));
  setOpen(false);
  for (let step = 2; step <= 500; step++) {
    advance(10);
    coalescer.push(frame(step, [step === 77 ? 1e6 : step]));
  }
  expect(sent.length).toBe(1);
  setOpen(true);
  advance(40);
  expect(sent.length).toBe(2);
  expect(sent[1]!.steps.length).toBe(499);
  expect([...sent[1]!.profiles[0]!.values]).toEqual([500]);
  expect([...sent[1]!.profiles[0]!.max]).toEqual([1e6]);
});
