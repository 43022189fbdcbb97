import { afterEach, describe, expect, it } from "vitest";
import { logEvents } from "../../../src/host/logEvents.ts";
import { configText, ended, type Harness, harness, target } from "./runHarness.ts";

let h: Harness;
afterEach(() => h.dispose());

describe("the log", () => {
  it("says of each run and verification that it began, with what, and how it ended", async () => {
    h = harness();
    const lines: string[] = [];
    const subscription = logEvents(h.runs, h.verifications, {
      write: (level, text) => lines.push(`${level}: ${text}`),
    });
    const text = configText("good", "crash");
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    expect(lines).toEqual([
      expect.stringMatching(/^info: probe-\d+-1 of project \/ good was asked for by the user$/),
      expect.stringMatching(/ good began: 8 parameters, plain JavaScript$/),
      expect.stringMatching(/ good ended with its time budget after 2 steps and \d+\.\d s: found [\w-]+ \(\w+\)/),
    ]);
    await ended(h.runs, h.runs.start("train", target(text, "crash"), "user"));
    expect(lines.at(-1)).toMatch(/^info: train-\d+-2 of project \/ crash failed: .*code 3.* after 2 steps/);
    lines.length = 0;
    await h.verifications.start(target(text, "good"), null);
    expect(lines).toEqual(["info: verification 1 of good was asked for", expect.stringMatching(/ of good ended: \w+/)]);
    subscription.dispose();
  });

  it("does not quote what a file holds: why a run was refused is shown at its place alone", async () => {
    h = harness();
    const lines: string[] = [];
    const subscription = logEvents(h.runs, h.verifications, { write: (_, text) => lines.push(text) });
    const run = await ended(h.runs, h.runs.start("train", target(configText("refused", "good"), "refused"), "user"));
    if (run.end?.kind !== "refused") throw new Error("it was not refused");
    expect(lines.at(-1)).toMatch(/ refused was refused for \d problems after 0 steps/);
    for (const { message } of run.end.problems) expect(lines.join("\n")).not.toContain(message);
    subscription.dispose();
  });
});
