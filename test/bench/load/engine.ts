/**
 * The engine of the load: the real one's process, run file and coalescer, with a training that computes nothing. Its
 * frames have the sizes of a real training's, and each one is sent alone.
 */

import { EngineProcess } from "../../../src/engine/process/engineProcess.ts";
import type { FromEngine } from "../../../src/protocol/engineMessages.ts";
import type { Frame } from "../../../src/protocol/frame.ts";
import { DemoRun } from "../../ui/panel/harness/demoRun.ts";
import { loadRun } from "./run.ts";

/** Frames a second. */
const rate = Number(process.env["LOAD_RATE"] ?? 250);

/** Frames whose figures are made up; they are repeated under new numbers. */
const different = 256;

/** Milliseconds between two frames for which a coalescer does not wait. */
const due = 40;

let unread = 0;
let sent = 0;
const send = (message: FromEngine): void => {
  unread++;
  if (message.type === "frame") sent++;
  process.send?.(message, undefined, undefined, () => unread--);
};

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Steps that the training has taken: the coalescer's clock. */
let steps = 0;

const engine = new EngineProcess({
  send,
  exit: () => process.exit(0),
  mayOutlive: () => {},
  settings: { backend: "cpu", workspace: null },
  pacing: {
    canSend: () => true,
    now: () => steps * due,
    later: () => () => {},
  },
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
      while (steps < total && !signal.aborted) {
        steps++;
        sink.step(numbered(pool[steps % different], runId, steps));
        if (process.memoryUsage.rss() > peak) peak = process.memoryUsage.rss();
        const ahead = begun + (1000 * steps) / rate - performance.now();
        if (ahead > 1 || unread >= 4) await wait(Math.max(1, ahead));
      }
      send({ type: "log", level: "info", message: `load: ${sent} frames, ${Math.round(peak / 2 ** 20)} MB` });
      return { kind: "completed" };
    },
  }),
});

let peak = 0;

function numbered(frame: Frame | undefined, runId: string, step: number): Frame {
  if (!frame) throw new Error("no frame");
  return { ...frame, runId, seq: step, steps: Float64Array.of(step) };
}

process.on("message", (message) => engine.receive(message));
process.on("disconnect", () => process.exit(0));
engine.start();
