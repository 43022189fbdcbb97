/** One table per kind of layer: milliseconds of a training step of every contender, and their ratio to ours. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { initBackend, nativePackage } from "../../src/engine/backend/ladder.ts";
import { ours } from "./ours.ts";
import { race } from "./race.ts";
import { type Contender, type Kind, kinds } from "./shape.ts";
import { stock } from "./stock.ts";
import { torch } from "./torch.ts";

export interface LayerOptions {
  readonly kinds: readonly string[];
  /** `T` and `H`. */
  readonly sizes: readonly (readonly [number, number])[];
  /** Only contenders whose name contains one of these; ours is always included. */
  readonly only: readonly string[] | null;
  /** Milliseconds for each contender in each row. */
  readonly budget: number;
}

const batch = 32;
const inputs = 8;

export async function layerTables(root: string, options: LayerOptions): Promise<void> {
  const python = await torch(root);
  // A bundle in out/ is not installed beside the package, so it may load it only as a workspace's.
  const native = await initBackend("tensorflow", {
    workspace: root,
    native: [path.join(fs.realpathSync(root), "node_modules", nativePackage)],
  });
  const unmodified = [
    await stock(root, "tfjs-wasm", "wasm"),
    native.name === "tensorflow" ? await stock(root, "tfjs-node", "tensorflow") : null,
  ];
  const all: Contender[] = [
    ours("ours", "wasm", true),
    ours("undiagnosed", "wasm", false),
    ...unmodified.flatMap((contender) => contender ?? []),
    ...(python?.contenders ?? []),
  ];
  const { only } = options;
  const contenders = all.filter(({ name }) => name === "ours" || !only || only.some((part) => name.includes(part)));
  console.log(
    `One training step, B = ${batch}, D = ${inputs}: median milliseconds (× ours). ours: with full diagnosis.`,
  );
  console.log(
    [
      `Node ${process.version}, ${os.availableParallelism()} processors`,
      `load ${os.loadavg()[0]?.toFixed(1)}`,
      native.name === "tensorflow" ? native.label : "no tfjs-node",
      python?.label ?? "no PyTorch (set PYTHON)",
    ].join("; "),
  );
  for (const kind of kinds.filter((k: Kind) => options.kinds.includes(k))) {
    console.log(`\n${kind.padEnd(14)}${contenders.map(({ name }) => name.padStart(18)).join("")}   load`);
    for (const [T, H] of options.sizes) {
      const steps = [];
      for (const contender of contenders) steps.push(await contender.prepare({ kind, T, H, B: batch, D: inputs }));
      const times = await race(steps, { budget: options.budget, atLeast: 2, atMost: 60 });
      const cells = times.map((ms) => `${ms.toPrecision(3)} (${(ms / times[0]!).toPrecision(3)})`.padStart(18));
      console.log(`${`${T} × ${H}`.padEnd(14)}${cells.join("")}   ${os.loadavg()[0]?.toFixed(1)}`);
    }
  }
  for (const contender of all) contender.close();
}
