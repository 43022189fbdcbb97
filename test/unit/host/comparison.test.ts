import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Run } from "../../../src/host/runs/run.ts";
import { foreignRun } from "../../../src/host/store/restoredRun.ts";
import { Comparison } from "../../../src/host/views/comparison.ts";
import { unpackFigures } from "../../../src/protocol/figures.ts";
import type { ToPanel } from "../../../src/protocol/panelMessages.ts";
import { toPanelSchema } from "../../../src/protocol/panelMessages.ts";
import { readRun } from "../../../src/tensorboard/readRun.ts";
import { eventFile, recordedFile } from "../tensorboard/files.ts";
import { configText, ended, type Harness, harness, target } from "./runHarness.ts";

let h: Harness;
let comparison: Comparison;
let visible = true;
let selected: string | undefined;
let posted: Extract<ToPanel, { type: "compared" }>[] = [];

beforeEach(() => {
  h = harness();
  visible = true;
  posted = [];
  comparison = new Comparison({
    runs: h.runs,
    selected: () => (selected === undefined ? undefined : h.runs.get(selected)),
    visible: () => visible,
    post: (message) => posted.push(message),
    interval: 20,
  });
});
afterEach(() => {
  comparison.dispose();
  h.dispose();
});

/** The run of PyTorch's SummaryWriter, as the store reads it. */
async function foreign(runId: string): Promise<Run> {
  const stored = await readRun([eventFile(recordedFile("torch.tfevents"))], runId, "mine");
  return foreignRun({ ...stored!, findings: [], settings: new Map([["lr", runId]]) });
}

const probe = async (name: string) => {
  const text = configText("good", "polite");
  const run = h.runs.start("probe", target(text, name), "user");
  if (name === "good") await ended(h.runs, run);
  return run;
};

describe("the runs that the panel compares", () => {
  it("are sent whole when chosen, without unknown runs, duplicates and the selected run itself", async () => {
    const [one, two] = [await probe("good"), await probe("good")];
    selected = one.runId;
    comparison.choose([two.runId, "nobody", two.runId, one.runId]);
    expect(posted.map((m) => [m.runId, m.runIds, m.changed.map((c) => c.runId)])).toEqual([
      [one.runId, [two.runId], [two.runId]],
    ]);
    expect(toPanelSchema.safeParse(posted[0]).success).toBe(true);
    expect(posted[0]!.changed[0]!.differences).toEqual([]);
    expect(unpackFigures(posted[0]!.changed[0]!.figures).steps).toBe(two.history?.lastStep);
    h.runs.forget(two.runId);
    expect(posted.at(-1)?.runIds).toEqual([]);
  });

  it("are sent again while they run, at most once per interval, and not while the panel is hidden", async () => {
    const done = await probe("good");
    selected = done.runId;
    const going = await probe("polite");
    comparison.choose([going.runId]);
    // It was chosen before its first step, so there is nothing to send yet.
    expect(posted.map((m) => [m.runIds, m.changed])).toEqual([[[going.runId], []]]);
    await expect
      .poll(() => posted.at(-1)?.changed.map((c) => [c.runId, c.history.lastStep]))
      .toEqual([[going.runId, 2]]);
    // One message for each of its two frames at most, however slowly these come.
    expect(posted.length).toBeLessThanOrEqual(3);
    visible = false;
    const unseen = await probe("polite");
    comparison.choose([unseen.runId]);
    const chosen = posted.length;
    await expect.poll(() => unseen.history?.lastStep).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(posted.length).toBe(chosen);
    h.runs.stop(unseen.runId);
    h.runs.stop(going.runId);
    await ended(h.runs, going);
  });

  it("may be of other programs, beside an own run and beside each other", async () => {
    const own = await probe("good");
    h.runs.restore([await foreign("0.1"), await foreign("0.01")]);
    selected = own.runId;
    comparison.choose(["0.1"]);
    expect(toPanelSchema.safeParse(posted.at(-1)).success).toBe(true);
    const [first] = posted.at(-1)!.changed;
    expect(unpackFigures(first!.figures)).toMatchObject({ steps: 4, loss: expect.closeTo(0.733, 2), testLoss: 0.5 });
    expect(first!.differences).toEqual([{ key: "lr", here: "–", there: "0.1" }]);
    selected = "0.1";
    comparison.choose(["0.01", own.runId]);
    expect(posted.at(-1)!.changed.map(({ runId, differences }) => [runId, differences])).toEqual([
      ["0.01", [{ key: "lr", here: "0.1", there: "0.01" }]],
      [own.runId, [{ key: "lr", here: "0.1", there: "–" }]],
    ]);
  });
});
