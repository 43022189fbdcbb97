/** The `tensorboard` package itself reads what we write. Skipped where no Python has it. */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { RunEncoder } from "../../../src/tensorboard/runEncoder.ts";
import { root } from "../../../tools/root.ts";
import { chain, syntheticRun } from "../diagnosis/syntheticRun.ts";

/** Pythons to try: that of the environment first. */
const pythons = [process.env["GRADLENS_PYTHON"], "python3", "python"].filter((name) => name !== undefined);
const importer = "from tensorboard.backend.event_processing.event_accumulator import EventAccumulator";
const python = pythons.find((name) => spawnSync(name, ["-c", importer]).status === 0);
if (python === undefined)
  console.log("skipped: no Python has the package tensorboard; name one that has it in GRADLENS_PYTHON");

const program = `
import json, sys
${importer}
events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
events.Reload()
tags = events.Tags()
loss = [[e.step, e.value] for e in events.Scalars("loss")] if "loss" in tags["scalars"] else []
plugins = {tag: events.SummaryMetadata(tag).plugin_data.plugin_name for tag in tags["tensors"]}
print(json.dumps({"scalars": tags["scalars"], "loss": loss, "plugins": plugins}))
`;
const answerSchema = z.object({
  scalars: z.array(z.string()),
  loss: z.array(z.tuple([z.number(), z.number()])),
  plugins: z.record(z.string(), z.string()),
});

/** A run of two steps by our own writer. */
function ownRun(): Buffer {
  const made = syntheticRun({ layers: [{ type: "simpleRNN", timesteps: 6 }] }, [
    { states: [{ h: chain(6, 0.5) }], loss: 0.5 },
    { states: [{ h: chain(6, 0.4) }], loss: 0.25 },
  ]);
  const { info, steps, rows } = made.history.snapshot();
  const encoder = new RunEncoder(info, { writer: "gradlens test", bound: 2 ** 20 });
  const width = info.columns.length;
  const { logNorm } = chain(6, 0.5);
  const profile = { layer: 0, channel: "h.logNorm", values: logNorm, max: logNorm } as const;
  const parts = [encoder.begin({ path: "/a/gradlens.json", text: "{}" }, made.model)];
  for (const [i, step] of steps.entries()) {
    const row = rows.slice(i * width, (i + 1) * width);
    const frame = { runId: "run", seq: i + 1, steps: Float64Array.of(step), rows: row, profiles: [profile] };
    parts.push(encoder.step(frame) ?? new Uint8Array(0));
  }
  parts.push(encoder.end("completed", null, { kind: "completed" }));
  return Buffer.concat(parts);
}

describe.skipIf(python === undefined)("the package tensorboard", () => {
  it("shows the scalars of our files, and passes over our own values", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-tensorboard-"));
    try {
      fs.writeFileSync(path.join(folder, "events.out.tfevents.1.host.1.gradlens"), ownRun());
      const ran = spawnSync(python ?? "", ["-c", program, folder], { encoding: "utf8" });
      expect(ran.status, ran.stderr).toBe(0);
      const answer = answerSchema.parse(JSON.parse(ran.stdout));
      expect(answer.loss).toEqual([
        [1, 0.5],
        [2, 0.25],
      ]);
      expect(answer.scalars).toContain("gradientNorm");
      expect(answer.scalars.filter((tag) => tag.startsWith("gradlens/"))).toEqual([]);
      expect(answer.plugins).toMatchObject({
        "gradlens/run.1": "gradlens",
        "gradlens/profile.1/0/h.logNorm": "gradlens",
      });
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Our Python package's own reader, which needs no more than Python. */
const anyPython = ["python3", "python"].find((name) => spawnSync(name, ["-c", "import struct"]).status === 0);

describe.skipIf(anyPython === undefined)("the reader of the Python package", () => {
  it("reads the scalars, profiles and texts of our files", () => {
    const reader = `
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("events", sys.argv[1])
events = importlib.util.module_from_spec(spec)
spec.loader.exec_module(events)
values, damaged = events.read(sys.stdin.buffer.read())
print(json.dumps(events.plain({"damaged": damaged, "values": [[v.tag, v.step, v.content] for v in values]})))
`;
    const source = path.join(root, "python/gradlens/events.py");
    const ran = spawnSync(anyPython ?? "", ["-c", reader, source], { input: ownRun(), encoding: "utf8" });
    expect(ran.status, ran.stderr).toBe(0);
    const schema = z.object({
      damaged: z.number(),
      values: z.array(z.tuple([z.string(), z.number(), z.unknown()])),
    });
    const { damaged, values } = schema.parse(JSON.parse(ran.stdout));
    const of = (tag: string) => values.filter(([one]) => one === tag).map(([, step, content]) => [step, content]);
    expect(damaged).toBe(0);
    expect(of("loss")).toEqual([
      [1, 0.5],
      [2, 0.25],
    ]);
    const profiles = of("gradlens/profile.1/0/h.logNorm").map(([step, row]) => [step, z.array(z.number()).parse(row)]);
    const expected = [...chain(6, 0.5).logNorm].map((value) => Math.fround(value));
    expect(profiles).toEqual([
      [1, expected],
      [2, expected],
    ]);
    expect(of("gradlens/run.1")).toMatchObject([[0, { kind: "train", writer: "gradlens test" }]]);
    expect(of("gradlens/end.1")).toMatchObject([[2, { kind: "completed" }]]);
  });
});
