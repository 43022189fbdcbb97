/** A lock between processes: a file that names its holder. */

import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const LOCK_WAIT_MS = 10 * 60_000;

/** Takes the lock file, waiting while a living process holds it; returns a function that releases it. */
export async function lock(file: string): Promise<() => void> {
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = Number(readIfThere(file));
    // Empty for longer than writing a number takes: its creator died before it wrote its process id.
    const abandoned = holder > 0 ? !isAlive(holder) : age(file) > 10_000;
    if (abandoned) fs.rmSync(file, { force: true });
    else if (Date.now() > deadline) throw new Error(`${file} has been held for 10 minutes by process ${holder}`);
    else await sleep(250);
  }
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function age(file: string): number {
  const written = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return written === undefined ? 0 : Date.now() - written;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process lives but belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
