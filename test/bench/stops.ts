/**
 * Time from a stop, as the editor sends it, to the engine's word that the run has ended, at random moments of steps that
 * take seconds.
 */

import fs from "node:fs";
import { Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { FromEngine } from "../../src/protocol/engineMessages.ts";
import { stopFd, stopMessage, stopNumber } from "../../src/protocol/stopChannel.ts";
import { ended, request, start } from "./engineProcess.ts";
import { median } from "./race.ts";

interface Work {
  readonly name: string;
  readonly config: object;
}

const dense = { type: "dense", units: 1 };
const adding = (length: number, layers: readonly object[], batchSize = 32): object => ({
  data: { task: "addingProblem", length, samples: batchSize },
  training: { batchSize, steps: 1000 },
  models: { net: { layers: [...layers, dense] } },
});
const images = (layers: readonly object[]): object =>
  adding(4096, [{ type: "reshape", targetShape: [64, 64, 2] }, ...layers, { type: "flatten" }]);

const works: readonly Work[] = [
  { name: "LSTM (400, 512)", config: adding(400, [{ type: "lstm", units: 512 }]) },
  { name: "LSTM (50, 256), in taps", config: adding(50, [{ type: "lstm", units: 256, activation: "softmax" }]) },
  { name: "simpleRNN (5, 4096)", config: adding(5, [{ type: "simpleRNN", units: 4096 }]) },
  {
    name: "external memory, 128 slots",
    config: adding(50, [{ type: "externalMemory", units: 100, slots: 128, width: 20 }]),
  },
  {
    name: "transformer (800 timesteps)",
    config: adding(800, [
      { type: "dense", units: 64 },
      { type: "transformerEncoder", heads: 4 },
      { type: "globalAveragePooling1d" },
    ]),
  },
  {
    name: "CNN (64 × 64, 128 filters)",
    config: images([
      { type: "conv2d", filters: 128, kernelSize: 3 },
      { type: "batchNormalization" },
      { type: "conv2d", filters: 128, kernelSize: 3 },
    ]),
  },
  {
    name: "dense layer of 8 million weights",
    config: adding(1000, [{ type: "flatten" }, { type: "dense", units: 4000 }, { type: "dense", units: 2000 }], 256),
  },
];

/** @param times number of runs of each kind. @param only names that begin so; null: all */
export async function stops(bundle: string, times: number, only: readonly string[] | null): Promise<void> {
  console.log(
    "\nFrom a stop within a step to the end of the run: median and longest of all milliseconds (frames sent).",
  );
  for (const { name, config } of works) {
    if (only && !only.some((beginning) => name.startsWith(beginning))) continue;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-bench-"));
    const { engine } = start(bundle, folder);
    const channel = engine.stdio[stopFd];
    if (!(channel instanceof Socket)) throw new Error("The engine has no stop channel.");
    channel.resume();
    const waits: number[] = [];
    let frames = 0;
    let started = (): void => {};
    engine.on("message", (message: FromEngine) => {
      if (message.type === "frame") frames++;
      if (message.type === "started") started();
    });
    try {
      while (waits.length < times) {
        const message = request(folder, config, 1000, false);
        const over = ended(engine, message);
        const starts = new Promise<void>((resolve) => {
          started = resolve;
        });
        const early = await Promise.race([starts, over]);
        if (early !== undefined) throw new Error(`${name} did not start: ${early}`);
        await setTimeout(Math.random() * 3000);
        const begun = performance.now();
        engine.send({ type: "cancel", runId: message.runId });
        channel.write(stopMessage(stopNumber(message.runId)));
        const outcome = await over;
        if (outcome !== "cancelled") throw new Error(`${name} ended otherwise: ${outcome}`);
        waits.push(performance.now() - begun);
      }
      console.log(
        `${name.padEnd(48)}${median(waits).toFixed(0).padStart(6)}${Math.max(...waits)
          .toFixed(0)
          .padStart(6)}  (${frames})`,
      );
    } finally {
      engine.kill();
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}
