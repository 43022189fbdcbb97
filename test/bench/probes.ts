/** How many steps a probe of each example's model takes in two seconds. */

import { initBackend } from "../../src/engine/backend/ladder.ts";
import { runModel } from "../../src/engine/training/runModel.ts";
import { examplesIn } from "./examples.ts";
import { median } from "./race.ts";

/** Milliseconds of a probe. */
const budget = 2000;
/** Number of steps that a probe needs. */
const wanted = 100;

/**
 * Prints each model's steps, and how many fit into the budget by their processor time alone: that time is of all
 * processors together, so on an idle machine there are at least as many.
 */
export async function probeTable(root: string, only: readonly string[] | null): Promise<void> {
  console.log(`\nSteps of a probe of ${budget / 1000} s: taken; by processor time. ! fewer than ${wanted}.`);
  await initBackend("wasm");
  for (const { name, configPath, model } of examplesIn(root, only ?? [""])) {
    const taken: number[] = [];
    let last = process.cpuUsage();
    const end = await runModel(
      { runId: "bench", kind: "probe", model, configPath, steps: null, budget },
      {
        started() {},
        step() {
          const { user, system } = process.cpuUsage(last);
          taken.push((user + system) / 1000);
          last = process.cpuUsage();
        },
      },
      new AbortController().signal,
      { need: false },
    );
    // The first steps build the net and compile its code.
    const step = median(taken.slice(Math.min(5, taken.length >> 1)));
    const possible = Math.floor(budget / step);
    const label = `${name} / ${model.name}`.padEnd(44);
    const mark = Math.max(possible, taken.length) < wanted ? "!" : "";
    console.log(
      `${label}${String(taken.length).padStart(8)}${String(possible).padStart(8)} ${mark}${end.kind === "budget" ? "" : ` ${end.kind}`}`,
    );
  }
}
