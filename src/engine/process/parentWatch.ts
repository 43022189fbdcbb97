/** Ends this process when its parent is gone, even if a long step keeps its event loop from noticing. */

import { Worker } from "node:worker_threads";

export interface ParentWatch {
  /** Sets how many milliseconds the process may go on without its parent. */
  mayOutlive(milliseconds: number): void;
}

/**
 * Ends the process within a second after its parent.
 *
 * The end of the channel to the parent is seen only between steps, so the watch has a thread of its own. When a parent
 * has died, the process gets another parent (Unix), and the old parent's id no longer answers signals (everywhere).
 */
export function watchParent(): ParentWatch {
  const code = `
    const { parentPort } = require("node:worker_threads");
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
    }, 1000);`;
  const worker = new Worker(code, { eval: true, stdout: false, stderr: false });
  // Without the watch, the engine still ends when it sees the channel close.
  worker.on("error", () => {});
  worker.unref();
  return { mayOutlive: (milliseconds) => worker.postMessage(milliseconds) };
}
