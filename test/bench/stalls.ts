/**
 * The longest time for which the engine does not answer: what stands between a stop (or Ctrl+C, or the end of the
 * editor) and its effect. Measured in the engine's own process, during work that has long pieces.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ended, request, start } from "./engineProcess.ts";

interface Work {
  readonly name: string;
  readonly config: object;
  /** Writes the data that the config names. */
  readonly files?: (folder: string) => void;
  readonly steps: number;
  readonly deep?: boolean;
}

const adding = (length: number, samples = 256) => ({ task: "addingProblem", length, samples });
const dense = { type: "dense", units: 1 };
const one = (data: object, layers: readonly object[], training: object = {}): object => ({
  data,
  training: { batchSize: 32, steps: 10, ...training },
  models: { net: { layers } },
});

/** A table of random numbers whose target follows two of them. */
function table(rows: number, columns: number): (folder: string) => void {
  return (folder) => {
    const out = fs.openSync(path.join(folder, "table.csv"), "w");
    const names = Array.from({ length: columns }, (_, i) => `x${i}`);
    fs.writeSync(out, `${names.join()}\n`);
    let state = 1;
    const next = (): string => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state / 2 ** 32).toFixed(5);
    };
    for (let r = 0; r < rows; r += 1000) {
      const lines = Array.from({ length: Math.min(1000, rows - r) }, () => names.map(next).join());
      fs.writeSync(out, `${lines.join("\n")}\n`);
    }
    fs.closeSync(out);
  };
}

function series(window: number, inputs: readonly string[] = ["x0", "x1", "x2"]): object {
  return { file: "table.csv", inputs, targets: ["x0"], window, horizon: 1 };
}

const works: readonly Work[] = [
  {
    name: "required lag estimated: 50,000 windows of 200",
    files: table(50_000, 8),
    config: one(series(200), [{ type: "lstm", units: 8 }, dense]),
    steps: 3,
  },
  {
    name: "CSV of 40 MB",
    files: table(5_000_000, 1),
    config: one(series(8, ["x0"]), [{ type: "simpleRNN", units: 8 }, dense]),
    steps: 3,
  },
  {
    name: "CSV of 40 MB, 40 columns",
    files: table(125_000, 40),
    config: one(series(50), [{ type: "simpleRNN", units: 8 }, dense]),
    steps: 3,
  },
  {
    name: "measured need: LSTM (200, 128)",
    config: one(adding(200), [{ type: "lstm", units: 128 }, dense], {
      optimizer: { type: "adam", learningRate: 0.01 },
    }),
    steps: 60,
  },
  {
    name: "deep probe: LSTM (100, 64)",
    config: one(adding(100), [{ type: "lstm", units: 64 }, dense]),
    steps: 20,
    deep: true,
  },
  {
    name: "deep probe: LSTM (200, 256)",
    config: one(adding(200), [{ type: "lstm", units: 256 }, dense]),
    steps: 2,
    deep: true,
  },
  {
    name: "orthogonal, 4096 units",
    config: one(adding(5, 32), [{ type: "simpleRNN", units: 4096 }, dense]),
    steps: 1,
  },
  {
    name: "one step: external memory",
    config: one({ task: "copyMemory", length: 50, samples: 64 }, [
      { type: "externalMemory", units: 100, slots: 128, width: 20, returnSequences: true },
      { type: "dense", units: 10, activation: "softmax" },
    ]),
    steps: 2,
  },
  {
    name: "one step: LSTM (400, 512)",
    config: one(adding(400, 64), [{ type: "lstm", units: 512 }, dense]),
    steps: 2,
  },
];

/** @param bundle the engine's. @param only names that begin so; null: all */
export async function stalls(bundle: string, only: readonly string[] | null): Promise<void> {
  console.log("\nThe longest time for which the engine does not answer (of it: processor time of all its threads).");
  for (const work of works) {
    if (only && !only.some((name) => work.name.startsWith(name))) continue;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-bench-"));
    const { engine, longest } = start(bundle, folder);
    try {
      work.files?.(folder);
      // Not the start, during which there is nothing to stop.
      await ended(engine, request(folder, one(adding(5, 32), [dense]), 1, false));
      await longest();
      const outcome = await ended(engine, request(folder, work.config, work.steps, work.deep ?? false));
      console.log(`${work.name.padEnd(48)}${await longest()}${outcome === "completed" ? "" : `   ended: ${outcome}`}`);
    } finally {
      engine.kill();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}
