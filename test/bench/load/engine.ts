/**
 * The engine of the load: the real one's process, run file, coalescer and pace, with a training that computes nothing. Its
 * frames have the sizes of a real training's.
 */

import { EngineProcess } from "../../../src/engine/process/engineProcess.ts";
import { parentLink } from "../../../src/engine/process/parentLink.ts";
import type { Frame } from "../../../src/protocol/frame.ts";
import { DemoRun } from "../../ui/panel/harness/demoRun.ts";
import { loadRun } from "./run.ts";

/** Steps a second. */
const rate = Number(process.env["LOAD_RATE"] ?? 250);

/** Frames whose figures are made up; they are repeated under new numbers. */
const different = 256;

/** Milliseconds of steps between two pauses in which messages are handled, as in the training loop. */
const pauseInterval = 30;

const { send, pacing } = parentLink();

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const engine = new EngineProcess({
  send,
  exit: () => process.exit(0),
  mayOutlive: () => {},
  settings: { backend: "cpu", workspace: null },
  pacing,
  loadTraining: async () => ({
    initBackend: async () => ({ name: "cpu", label: "nothing", rejected: [] }),
    doctorReport: async () => ({
      node: "",
      platform: "",
      backend: { name: "cpu", label: "", rejected: [] },
      facts: [],
    }),
    deepProbe: async () => ({ end: { kind: "cancelled" } }),
    runModel: async ({ runId, steps: planned }, sink, signal) => {
      const run = new DemoRun({ ...loadRun, runId });
      sink.started(run.info);
      const pool = Array.from({ length: different }, () => run.frame());
      const total = planned ?? Number(process.env["LOAD_STEPS"]);
      const begun = performance.now();
      let paused = begun;
      let peak = 0;
      for (let step = 1; step <= total && !signal.aborted; step++) {
        sink.step(numbered(pool[step % different], runId, step));
        const now = performance.now();
        const ahead = begun + (1000 * step) / rate - now;
        if (ahead <= 1 && now - paused < pauseInterval) continue;
        await wait(Math.max(0, ahead));
        paused = performance.now();
        peak = Math.max(peak, process.memoryUsage.rss());
      }
      send({ type: "log", level: "info", message: `load: ${Math.round(peak / 2 ** 20)} MB` });
      return { kind: "completed" };
    },
  }),
});

function numbered(frame: Frame | undefined, runId: string, step: number): Frame {
  if (!frame) throw new Error("no frame");
  return { ...frame, runId, seq: step, steps: Float64Array.of(step) };
}

process.on("message", (message) => engine.receive(message));
process.on("disconnect", () => process.exit(0));
engine.start();
