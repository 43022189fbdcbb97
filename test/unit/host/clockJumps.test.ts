/** The computer's clock is set while a run goes: what was recorded keeps its order and its duration. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { logEvents } from "../../../src/host/logEvents.ts";
import { steadyClock } from "../../../src/protocol/steadyClock.ts";
import { readRun } from "../../../src/tensorboard/readRun.ts";
import { RunEncoder } from "../../../src/tensorboard/runEncoder.ts";
import { configText, ended, harness, target } from "./runHarness.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Milliseconds by which the clock is set, and the largest duration that is taken for none of them. */
const hour = 3_600_000;
const jumps = [-hour, hour];

function setClock(by: number): void {
  const now = Date.now();
  vi.spyOn(Date, "now").mockImplementation(() => now + by);
}

describe("a clock that is set", () => {
  it.each(jumps)("by %i ms leaves a steady clock as it is", (jump) => {
    const clock = steadyClock();
    const before = clock();
    setClock(jump);
    expect(clock()).toBeGreaterThanOrEqual(before);
    expect(clock() - before).toBeLessThan(hour / 2);
  });

  it.each(jumps)("by %i ms during a run changes neither its duration nor when it is judged", async (jump) => {
    const h = harness();
    const lines: string[] = [];
    const log = logEvents(h.runs, h.verifications, { write: (_, text) => lines.push(text) });
    const text = configText("good", "polite");
    const started = h.runs.onStart(() => setClock(jump));
    const run = await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const duration = (run.endedAt ?? Number.NaN) - run.startedAt;
    expect(duration).toBeGreaterThanOrEqual(0);
    expect(duration).toBeLessThan(hour / 2);
    expect(run.findings.length).toBeGreaterThan(0);
    expect(lines.at(-1)).toMatch(/ after 2 steps and \d{1,4}\.\d s/);
    started.dispose();
    log.dispose();
    h.dispose();
  });

  it.each(jumps)(
    "by %i ms while a run is written keeps its newest findings, its end and its duration",
    async (jump) => {
      const h = harness();
      const text = configText("good", "polite");
      const run = await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
      const info = run.history?.info;
      const [finding] = run.findings;
      if (!info || !finding) throw new Error("nothing was measured");
      h.dispose();
      const encoder = new RunEncoder(info, { writer: "test", bound: 2 ** 20 });
      const row = Float64Array.from(info.columns, () => 1);
      const frame = (seq: number) => ({ runId: info.runId, seq, steps: Float64Array.of(seq), rows: row, profiles: [] });
      const parts = [encoder.begin({ path: "/p/gradlens.json", text }, run.model), encoder.findings([finding])];
      for (const seq of [1, 2, 3]) {
        if (seq === 2) setClock(jump);
        parts.push(encoder.step(frame(seq)) ?? new Uint8Array(0));
      }
      parts.push(encoder.findings([]), encoder.end("completed", null, { kind: "completed" }));
      const bytes = Buffer.concat(parts);
      const file = async function* () {
        yield new Uint8Array(bytes);
      };
      const stored = await readRun([{ name: "events", open: file }], "r", "m");
      expect(stored).toMatchObject({ findings: [], end: { kind: "completed" }, damaged: 0 });
      expect(stored?.history.lastStep).toBe(3);
      const seconds = (stored?.last ?? Number.NaN) - (stored?.started ?? Number.NaN);
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThan(hour / 2000);
    },
  );
});
