/**
 * Ratios measured side by side: a training step against tfjs's and PyTorch's; the cost of the diagnosis, and of masks,
 * dropout and activations; other nets, and one layer of each kind, against PyTorch's; large initial weights; the time
 * from a saved config to its findings, until thousands of kept runs are listed, and from Ctrl+C to the end of the
 * command line; the longest time for which the extension host does not answer while it reads a program's run, and for
 * which the engine does not, and from a stop in such a time to the run's end.
 */

import path from "node:path";
import { readOptions } from "../../tools/options.ts";
import { coverageTable } from "./coverage.ts";
import { diagnosisTable } from "./diagnosis.ts";
import { initialTable } from "./initial.ts";
import { largeTable } from "./large.ts";
import { latencies } from "./latency.ts";
import { layerTables } from "./layers.ts";
import { netTable } from "./nets.ts";
import { probeTable } from "./probes.ts";
import { programRunTable } from "./programRuns.ts";
import { runStoreTable } from "./runStore.ts";
import { kinds } from "./shape.ts";
import { stalls } from "./stalls.ts";
import { stopping } from "./stopping.ts";
import { stops } from "./stops.ts";
import { variantTables } from "./variants.ts";

/** Number of steps of each variant. */
const rounds = 21;
/** Number of runs in a store that a window opens. */
const keptRuns = 2000;
/** Number of interrupted runs. */
const interrupts = 20;
/** Number of stopped runs of each kind. */
const stopped = 10;

const usage = `
npm run bench                                 measures everything
npm run bench -- --skip layers,diagnosis,…    without these: layers, diagnosis, variants, large, initial, nets, coverage,
                                              probes, latency, runs, programs, stalls, stops, stopping
npm run bench -- --kinds lstm,gru --sizes 50x64,200x128
npm run bench -- --only tfjs-wasm,torch       only these contenders
npm run bench -- --budget <ms>                for all steps of one contender
npm run bench -- --examples <name>,… --coverage <beginning>,… --stalls <beginning>,… --stops <beginning>,…
`;

const values = readOptions(
  {
    kinds: { type: "string", default: kinds.join(",") },
    sizes: { type: "string", default: "50x64,100x128,200x128,1000x64" },
    only: { type: "string" },
    budget: { type: "string", default: "1000" },
    examples: { type: "string" },
    coverage: { type: "string" },
    stalls: { type: "string" },
    stops: { type: "string" },
    skip: { type: "string", default: "" },
  },
  usage,
);

function size(text: string): readonly [number, number] {
  const [T, H] = text.split("x").map(Number);
  if (!T || !H) throw new Error(`"${text}" is not a size: write timesteps x units, such as 50x64.`);
  return [T, H];
}

async function main(): Promise<void> {
  const root = path.resolve(__dirname, "../..");
  const skipped = values.skip.split(",");
  if (!skipped.includes("layers")) {
    await layerTables(root, {
      kinds: values.kinds.split(","),
      sizes: values.sizes.split(",").map(size),
      only: values.only?.split(",") ?? null,
      budget: Number(values.budget),
    });
  }
  if (!skipped.includes("diagnosis"))
    await diagnosisTable(values.kinds.split(","), [
      [50, 64],
      [100, 128],
    ]);
  if (!skipped.includes("variants"))
    await variantTables(
      values.kinds.split(","),
      [
        [50, 64],
        [200, 128],
      ],
      rounds,
    );
  if (!skipped.includes("large")) await largeTable(root, 10 * Number(values.budget));
  if (!skipped.includes("initial")) await initialTable();
  if (!skipped.includes("nets")) await netTable(root, 4 * Number(values.budget));
  if (!skipped.includes("coverage"))
    await coverageTable(root, 2 * Number(values.budget), values.coverage?.split(",") ?? null);
  if (!skipped.includes("probes")) await probeTable(root, values.examples?.split(",") ?? null);
  if (!skipped.includes("latency")) {
    await latencies(root, path.join(__dirname, "engine.js"), values.examples?.split(",") ?? null);
  }
  if (!skipped.includes("runs")) await runStoreTable(keptRuns);
  if (!skipped.includes("programs")) await programRunTable();
  if (!skipped.includes("stalls")) await stalls(path.join(__dirname, "engine.js"), values.stalls?.split(",") ?? null);
  if (!skipped.includes("stops"))
    await stops(path.join(__dirname, "engine.js"), stopped, values.stops?.split(",") ?? null);
  if (!skipped.includes("stopping")) await stopping(path.join(__dirname, "cli.js"), interrupts);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
