/** How long a window takes to list thousands of kept runs: from the index, and without it. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { cardOfFolder } from "../../src/host/store/cardOfFolder.ts";
import { RunIndex } from "../../src/host/store/runIndex.ts";
import { RunEncoder } from "../../src/tensorboard/runEncoder.ts";
import { syntheticRun } from "../unit/diagnosis/syntheticRun.ts";
import { median } from "./race.ts";

const steps = 60;
const rounds = 5;

/** Milliseconds in which the index is written. */
const written = 3000;

/** @param count number of runs. */
export async function runStoreTable(count: number): Promise<void> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-bench-runs-"));
  try {
    const bytes = exampleFile();
    for (let i = 0; i < count; i++) {
      const folder = path.join(root, `probe-${1_700_000_000_000 + i}-1`);
      fs.mkdirSync(folder);
      fs.writeFileSync(path.join(folder, "events.out.tfevents.1.gradlens"), bytes);
    }
    const first = indexOf(root);
    const read = await timed(() => first.refresh());
    await setTimeout(written);
    first.dispose();
    const listed: number[] = [];
    const checked: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const index = indexOf(root);
      listed.push(await timed(() => index.open()));
      if (index.entries.length !== count) throw new Error(`${index.entries.length} of ${count} runs are listed`);
      checked.push(await timed(() => index.refresh()));
      index.dispose();
    }
    console.log(`\n${count} kept runs of ${steps} steps, ${Math.round(bytes.length / 1000)} KB each`);
    console.log(`  listed                 ${Math.round(median(listed))} ms (limit: 300)`);
    console.log(`  then checked           ${Math.round(median(checked))} ms`);
    console.log(`  read without an index  ${Math.round(read)} ms`);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

function indexOf(root: string): RunIndex {
  return new RunIndex({
    roots: () => [root],
    read: (folder, runId) => cardOfFolder(folder, runId, { uriOf: (file) => file }),
    isOwn: () => false,
    report: (what, error) => console.error(what, error),
  });
}

function exampleFile(): Uint8Array {
  const layers = [{ type: "simpleRNN", timesteps: 20 }, { type: "dense" }] as const;
  const { history, model } = syntheticRun(
    { layers },
    Array.from({ length: steps }, () => ({ loss: 0.5 })),
  );
  const { info, rows } = history.snapshot();
  const encoder = new RunEncoder(info, { writer: "gradlens", bound: 2 ** 22 });
  const parts = [encoder.begin({ path: "/project/gradlens.json", text: "{}" }, model)];
  for (let i = 0; i < steps; i++) {
    const row = rows.slice(i * info.columns.length, (i + 1) * info.columns.length);
    const frame = { runId: info.runId, seq: i + 1, steps: Float64Array.of(i + 1), rows: row, profiles: [] };
    parts.push(encoder.step(frame) ?? new Uint8Array(0));
  }
  parts.push(encoder.end("completed", null, { kind: "completed" }));
  return Buffer.concat(parts);
}

async function timed(act: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}
