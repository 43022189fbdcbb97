/**
 * For how long the extension host does not answer while the run of a program is read, judged and sent to the panel's page,
 * as it is each time that a program that is followed has written more.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import v8 from "node:v8";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { runFigures } from "../../src/diagnosis/runFigures.ts";
import type { Run } from "../../src/host/runs/run.ts";
import { cardOfFolder } from "../../src/host/store/cardOfFolder.ts";
import { MapSlices } from "../../src/host/views/mapSlices.ts";
import { ownBuffers } from "../../src/host/views/ownBuffers.ts";
import { historyOf } from "../../src/host/views/panelContent.ts";
import { packFigures } from "../../src/protocol/figures.ts";
import { panelProtocolVersion, type ToPanel } from "../../src/protocol/panelMessages.ts";
import { RunEncoder } from "../../src/tensorboard/runEncoder.ts";
import { DemoRun, vanishingTanh } from "../ui/panel/harness/demoRun.ts";
import { Turns } from "./turns.ts";

const limit = 50;
const rounds = 5;
const megabytes = 64;
const shapes = [
  { recurrent: 1, timesteps: 200, steps: 20_000 },
  { recurrent: 24, timesteps: 500, steps: 20_000 },
] as const;

/** Frames whose figures are made up; they are repeated under new numbers. */
const different = 64;

export async function programRunTable(): Promise<void> {
  console.log("\nA program's run: the longest time for which the extension host does not answer");
  for (const shape of shapes) {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-bench-program-"));
    try {
      const bytes = programFile(shape);
      fs.writeFileSync(path.join(root, "events.out.tfevents.1.gradlens"), bytes);
      const delays = monitorEventLoopDelay({ resolution: 1 });
      const turns = new Turns();
      let read: Run | null = null;
      const page = new Page();
      const begun = performance.now();
      for (let i = 0; i < rounds; i++) {
        // Not the start of the thread, which is once in a window.
        if (i === 1) {
          delays.enable();
          turns.start();
        }
        await cardOfFolder(root, "program", { uriOf: (file) => file }, (run) => {
          read = run;
          setImmediate(() => page.show(run));
        });
      }
      await page.hasAll();
      delays.disable();
      turns.stop();
      const taken = (performance.now() - begun) / rounds;
      console.log(
        `  ${shape.recurrent} LSTM layers, T = ${shape.timesteps}, ${shape.steps} steps, ${Math.round(bytes.length / 1e6)} MB: ` +
          `${(delays.max / 1e6).toFixed(0)} ms of ${taken.toFixed(0)} ms (limit: ${limit}), of it at work ${turns.longest.toFixed(0)} ms; ${judgedHere(read)}`,
      );
    } finally {
      fs.rmSync(root, { recursive: true, force: true });
    }
  }
}

/** What the panel's host sends of a run that is shown, as far as this process does what VS Code does with it. */
class Page {
  #run: Run | null = null;
  #messages = 0;
  readonly #maps = new MapSlices({ history: () => this.#run?.history, post: (message) => this.#post(message) });

  show(run: Run): void {
    this.#run = run;
    const message: ToPanel = {
      type: "snapshot",
      version: panelProtocolVersion,
      viewer: false,
      runs: [],
      selected: run.runId,
      history: historyOf(run),
      figures: run.history && packFigures(runFigures(run.history, run.findings)),
      compared: [],
      findings: [],
      notes: [],
      trusted: true,
      pinned: false,
      hasConfig: true,
    };
    this.#post(message);
    this.#maps.follow(message);
  }

  /** Waits until no slice follows another one. */
  async hasAll(): Promise<void> {
    for (let seen = -1; seen !== this.#messages; ) {
      seen = this.#messages;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  #post(message: ToPanel): void {
    v8.serialize(ownBuffers(message));
    this.#messages++;
  }
}

/** What the host would wait for if it judged the run itself. */
function judgedHere(run: Run | null): string {
  if (!run?.history) throw new Error("the program's run was not read");
  const begun = performance.now();
  const findings = diagnose(run.history, null);
  const taken = performance.now() - begun;
  if (findings.length !== run.findings.length) throw new Error("the thread found something else");
  return `the rules alone ${taken.toFixed(0)} ms, ${findings.length} findings`;
}

function programFile({ recurrent, timesteps, steps }: (typeof shapes)[number]): Uint8Array {
  const run = new DemoRun({
    ...vanishingTanh,
    type: "lstm",
    recurrent,
    timesteps,
    plannedSteps: null,
    halfLife: steps,
  });
  const encoder = new RunEncoder(run.info, { writer: "gradlens-torch", bound: megabytes * 2 ** 20 });
  const parts = [encoder.begin(null, null)];
  const frames = Array.from({ length: different }, () => run.frame());
  for (let step = 1; step <= steps; step++) {
    const frame = frames[step % different];
    if (!frame) continue;
    const record = encoder.step({ ...frame, seq: step, steps: Float64Array.of(step) });
    if (record) parts.push(record);
  }
  parts.push(encoder.end("completed", null, { kind: "completed" }));
  return Buffer.concat(parts);
}
