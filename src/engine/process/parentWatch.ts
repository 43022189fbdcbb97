/** Ends this process when its parent is gone, even while a long step keeps its event loop from noticing. */

import { Worker } from "node:worker_threads";

/**
 * The end of the channel to the parent is only seen between steps; the watch has a thread of its own. A process whose
 * parent has died belongs to another one (Unix), and the parent's id answers no signal any more (everywhere).
 */
export function watchParent(): void {
  const code = `
    const parent = process.ppid;
    setInterval(() => {
      try {
        process.kill(parent, 0);
        if (process.ppid === parent) return;
      } catch (error) {
        if (error.code === "EPERM") return;
      }
      process.kill(process.pid, "SIGKILL");
    }, 1000);`;
  const worker = new Worker(code, { eval: true, stdout: false, stderr: false });
  // Without the watch, the engine still ends when it sees the channel close.
  worker.on("error", () => {});
  worker.unref();
}
