/** Ends this process when its parent is gone, even if a long step keeps its event loop from noticing. */

import { Worker } from "node:worker_threads";

/**
 * The end of the channel to the parent is seen only between steps, so the watch has a thread of its own. When a parent
 * has died, the process gets another parent (Unix), and the old parent's id no longer answers signals (everywhere).
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
