/** Time from Ctrl+C to the end of the command line, at random moments of a run whose steps take many seconds. */

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { median } from "./race.ts";

const config = {
  data: { task: "addingProblem", length: 250, samples: 64 },
  training: { batchSize: 64, steps: 40 },
  models: {
    slow: {
      layers: [
        { type: "lstm", units: 1500 },
        { type: "dense", units: 1 },
      ],
    },
  },
};

/** Milliseconds after which the process handles signals, unless the machine is busy. */
const earliest = 500;
/** By then the first step is running. */
const latest = 10_000;

/** @param cli the bundle of the command line. */
export async function stopping(cli: string, times: number): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-bench-"));
  try {
    fs.writeFileSync(path.join(folder, "gradlens.json"), JSON.stringify(config));
    const waits: number[] = [];
    while (waits.length < times) {
      const wait = await stopOnce(cli, folder);
      if (wait !== null) waits.push(wait);
    }
    console.log(
      `\nCtrl+C at ${times} random moments of a slow run, to the end of all processes: ${Math.round(median(waits))} ms median, ${Math.round(Math.max(...waits))} ms at most`,
    );
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds; null: the process did not handle signals yet. */
function stopOnce(cli: string, cwd: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, "train"], { cwd, stdio: ["ignore", "pipe", "pipe"] });
    // Both processes share these pipes, so "close" comes when the last one has ended.
    child.stdout.resume();
    child.stderr.resume();
    let sent = 0;
    setTimeout(
      () => {
        sent = performance.now();
        child.kill("SIGINT");
      },
      earliest + Math.random() * (latest - earliest),
    );
    child.on("close", (code, signal) => {
      if (signal === "SIGINT") resolve(null);
      else if (code === 130) resolve(performance.now() - sent);
      else reject(new Error(`The run ended with ${code} instead of 130.`));
    });
  });
}
