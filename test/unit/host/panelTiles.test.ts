import { afterEach, describe, expect, it } from "vitest";
import type { Run } from "../../../src/host/runs/run.ts";
import { PanelTiles } from "../../../src/host/views/panelTiles.ts";
import { type ToPanel, toPanelSchema } from "../../../src/protocol/panelMessages.ts";
import { configText, ended, type Harness, harness, target } from "./runHarness.ts";

let h: Harness;
afterEach(() => h.dispose());

describe("the models of a config beside each other", () => {
  it("have the verdict, gradient and loss of their newest runs, and follow them", async () => {
    h = harness();
    const text = configText("good", "polite");
    let selected: Run | undefined;
    const posted: Extract<ToPanel, { type: "tiles" }>[] = [];
    const tiles = new PanelTiles({
      runs: h.runs,
      selected: () => selected,
      visible: () => true,
      post: (message) => posted.push(message),
      interval: 10,
    });
    expect(tiles.message().tiles).toEqual([]);
    const first = await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    selected = await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const other = h.runs.start("probe", { ...target(text, "good"), uri: "file:///other" }, "user");
    await ended(h.runs, other);
    const { tiles: shown } = tiles.message();
    expect(shown.map(({ runId }) => runId)).toEqual([selected.runId]);
    expect(first.runId).not.toBe(selected.runId);
    expect(shown[0]).toMatchObject({ model: "good", going: false, picture: "▅▁▁▁", loss: "loss 0.75, baseline 1" });
    expect(shown[0]?.verdict).toMatch(/^gradient reaches 0 of 3/);
    const run = h.runs.start("probe", target(text, "polite"), "user");
    await expect
      .poll(() => posted.at(-1)?.tiles.map(({ model, going }) => [model, going]))
      .toEqual([
        ["good", false],
        ["polite", true],
      ]);
    for (const message of posted) expect(toPanelSchema.safeParse(message).success).toBe(true);
    h.runs.stop(run.runId);
    await ended(h.runs, run);
    tiles.dispose();
  });
});
