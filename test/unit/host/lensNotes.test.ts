/** Notes that a lens in Python wrote (python/tests/noted_program.py, by record_run.py): read, and shown as they are. */

import fs from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { hoverText } from "../../../src/host/inline/hoverText.ts";
import { runNotes } from "../../../src/host/inline/lensNotes.ts";
import { lensNotesOf } from "../../../src/host/runs/lensNotes.ts";
import type { Run } from "../../../src/host/runs/run.ts";
import { restoredRun } from "../../../src/host/store/restoredRun.ts";
import { speak } from "../../../src/messages/language.ts";
import { readRun } from "../../../src/tensorboard/readRun.ts";
import { textRecord } from "../../../src/tensorboard/runEncoder.ts";
import { tags } from "../../../src/tensorboard/tags.ts";
import { root } from "../../../tools/root.ts";
import { eventFile } from "../tensorboard/files.ts";
import { harness } from "./runHarness.ts";

const recorded = fs.readFileSync(path.join(root, "test/fixtures/pytorch/noted.tfevents"));
const unmeasured =
  "the module's input was changed in place after the forward pass: only the states of the top layer of a simple RNN are known then";
const unreported = "no loss was reported: call lens.step(loss) once per update";
const program = `${"\n".repeat(13)}        self.gru = nn.GRU(3, 4)${"\n".repeat(13)}lens = gradlens.watch(net, every=1, name="noted")\n`;

/** The recorded run, with other notes if there are any. */
async function noted(notes?: unknown): Promise<Run> {
  const more = notes === undefined ? [] : [textRecord(tags.notes, notes, 0, 1e10)];
  const stored = await readRun([eventFile(Buffer.concat([recorded, ...more]))], "noted", "noted");
  if (!stored) throw new Error("the recorded run was not read");
  const run = restoredRun({ ...stored, findings: [] }, (file) => `file://${file}`);
  if (!run) throw new Error("it is no program's run");
  return run;
}

afterEach(() => speak("en"));

describe("the notes of a lens", () => {
  it("are read from the file that Python wrote, with the names of their layers", async () => {
    expect(lensNotesOf(await noted())).toEqual([
      { layer: "gru", text: unmeasured },
      { layer: null, text: unreported },
    ]);
  });

  it("are replaced by later ones, and bounded", async () => {
    expect(lensNotesOf(await noted([]))).toEqual([]);
    const many = Array.from({ length: 200 }, () => ({ layer: 77, text: "x".repeat(5000) }));
    const notes = lensNotesOf(await noted(many));
    expect(notes).toHaveLength(100);
    expect(notes[0]).toEqual({ layer: null, text: "x".repeat(1000) });
  });

  it.each([["text"], [{ text: "no array" }], [[null, 3, {}, { layer: 0 }]]])(
    "are none if they are %j",
    async (notes) => {
      expect(lensNotesOf(await noted(notes))).toEqual([]);
    },
  );

  it("stand in the hovers of the layer's line and of the call that began the run, in both languages", async () => {
    const h = harness();
    try {
      const run = await noted([
        { layer: 0, text: "not <b>known</b> [x](y)" },
        { layer: null, text: unreported },
      ]);
      h.runs.restore([run]);
      h.store.open(run.uri, program);
      const [model] = h.store.view(run.uri)?.models ?? [];
      const [layer] = model?.layers ?? [];
      if (!model || !layer) throw new Error("the program has no view");
      const ofLayer = hoverText(run.uri, model, layer);
      expect(ofLayer).toContain("**Notes of the lens**\n\n- not \\<b\\>known\\</b\\> \\[x\\]\\(y\\)");
      expect(ofLayer).not.toContain("no loss was reported");
      expect(runNotes(model)).toContain("- gru: not \\<b\\>known");
      expect(runNotes(model)).toContain("- no loss was reported: call lens\\.step\\(loss\\)");
      speak("zh");
      expect(runNotes(model)).toContain("**lens 的说明**");
      expect(runNotes(model)).toContain("no loss was reported");
    } finally {
      h.dispose();
    }
  });

  it("are none where there is nothing to say", async () => {
    const h = harness();
    try {
      const run = await noted([]);
      h.runs.restore([run]);
      h.store.open(run.uri, program);
      const [model] = h.store.view(run.uri)?.models ?? [];
      expect(model && runNotes(model)).toBeUndefined();
      expect(model?.layers[0] && hoverText(run.uri, model, model.layers[0])).not.toContain("Notes of the lens");
    } finally {
      h.dispose();
    }
  });
});
