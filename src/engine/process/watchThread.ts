/**
 * A thread that answers while a long step keeps this process's event loop from doing so: it ends the process when its
 * parent is gone, passes on that a computation is to stop (protocol/stopChannel.ts), and tells the parent that the
 * computation goes on.
 */

import { Worker } from "node:worker_threads";
import { isStopped, nowRuns, Stopped, stopBlock, stopWords } from "../../kernels/stop.ts";
import { stopFdVariable } from "../../protocol/stopChannel.ts";

export interface WatchThread {
  /** Sets how many milliseconds the process may go on without its parent. */
  mayOutlive(milliseconds: number): void;
}

/** Milliseconds between two looks at whether the computation goes on. */
const signInterval = 250;

/**
 * When a parent has died, the process gets another parent (Unix), and the old parent's id no longer answers signals
 * (everywhere).
 */
const script = `
const { parentPort, workerData } = require("node:worker_threads");
const { fd, stop, stopWords, signInterval } = workerData;
const parent = process.ppid;
let grace = 0;
parentPort.on("message", (milliseconds) => { grace = milliseconds; });
const watch = setInterval(() => {
  try {
    process.kill(parent, 0);
    if (process.ppid === parent) return;
  } catch (error) {
    if (error.code === "EPERM") return;
  }
  clearInterval(watch);
  setTimeout(() => process.kill(process.pid, "SIGKILL"), grace);
}, 1000);
if (fd !== null) {
  const { Socket } = require("node:net");
  const channel = new Socket({ fd, readable: true, writable: true });
  // Without the channel, a stop waits for the end of the step.
  channel.on("error", () => {});
  let rest = Buffer.alloc(0);
  channel.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= 4; rest = rest.subarray(4)) {
      const asked = rest.readInt32LE(0);
      const running = Atomics.load(stop, stopWords.running);
      // Another computation must not be confused; one that is about to begin stops at once.
      if (running === 0 || running === asked) Atomics.store(stop, stopWords.asked, asked);
    }
  });
  let last = 0;
  setInterval(() => {
    const looks = Atomics.load(stop, stopWords.looks);
    if (looks === last || channel.writableLength > 0 || !channel.writable) return;
    last = looks;
    channel.write(".");
  }, signInterval);
}
`;

/**
 * Starts the thread. The process ends within a second after its parent.
 *
 * @param running number of the only computation of this process; 0: it says what runs itself.
 */
export function startWatchThread(running = 0): WatchThread {
  if (running !== 0) nowRuns(running);
  const fd = Number(process.env[stopFdVariable] ?? Number.NaN);
  // A process that this one starts has no such channel.
  delete process.env[stopFdVariable];
  const worker = startWorker(Number.isInteger(fd) ? fd : null);
  return { mayOutlive: (milliseconds) => worker?.postMessage(milliseconds) };
}

/** Null if the system starts no thread. Without the watch, the engine still ends when it sees the channel close. */
function startWorker(fd: number | null): Worker | null {
  try {
    const workerData = { fd, stop: stopBlock, stopWords, signInterval };
    const worker = new Worker(script, { eval: true, workerData, stdout: false, stderr: false });
    worker.on("error", () => {});
    worker.unref();
    return worker;
  } catch {
    return null;
  }
}

/** Whether an error only means that the computation was stopped. */
export function isStop(error: unknown): boolean {
  return error instanceof Stopped;
}

/** Whether the thread has heard that the only computation of this process is to stop. */
export function wasStopped(): boolean {
  return isStopped();
}
