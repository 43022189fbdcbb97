/** The time to build a layer with large orthogonal initial weights, which comes before the first step. */

import { initBackend } from "../../src/engine/backend/ladder.ts";
import { kernelSource } from "../../src/engine/instrument/kernelSource.ts";
import { buildModel } from "../../src/engine/model/buildModel.ts";

export async function initialTable(): Promise<void> {
  await initBackend("wasm");
  await kernelSource();
  console.log("\nBuilding a simpleRNN, whose recurrent kernel is orthogonal: seconds (of all processors).");
  for (const units of [1024, 2048, 4096]) {
    const before = process.cpuUsage();
    const start = performance.now();
    const built = buildModel(
      [{ type: "simpleRNN", name: "rnn", inputs: ["input"], args: { units }, path: [] }],
      [5, 1],
      1,
    );
    if (Array.isArray(built)) throw new Error(`The net was refused: ${built[0]?.message}`);
    const wall = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    console.log(`${units} units: ${wall.toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s)`);
    built.dispose();
  }
}
