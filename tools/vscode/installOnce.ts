import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../root.ts";

const cache = path.join(root, ".cache");
const LOCK_WAIT_MS = 10 * 60_000;

/**
 * The folder `.cache/<name>-<hash of wanted>`, filled by `fill` if it does not exist. It gets its name only when it is
 * complete, so an interrupted start leaves nothing that looks complete to a later one. Of several processes that start
 * at once, one fills the folder and the others wait for it.
 */
export async function installOnce(name: string, wanted: string, fill: (dir: string) => Promise<void>): Promise<string> {
  const dir = path.join(cache, `${name}-${createHash("sha256").update(wanted).digest("hex").slice(0, 12)}`);
  if (fs.existsSync(dir)) return dir;
  fs.mkdirSync(cache, { recursive: true });
  const release = await lock(path.join(cache, `${name}.lock`));
  try {
    if (fs.existsSync(dir)) return dir;
    removeAbandoned(name);
    const partial = path.join(cache, `${name}.partial-${process.pid}`);
    fs.rmSync(partial, { recursive: true, force: true });
    fs.mkdirSync(partial);
    await fill(partial);
    fs.renameSync(partial, dir);
    return dir;
  } finally {
    release();
  }
}

function removeAbandoned(name: string): void {
  for (const entry of fs.readdirSync(cache)) {
    const pid = entry.startsWith(`${name}.partial-`) ? Number(entry.split("-").pop()) : Number.NaN;
    if (!Number.isNaN(pid) && !isAlive(pid)) fs.rmSync(path.join(cache, entry), { recursive: true, force: true });
  }
}

/** Takes the lock file, waiting while a living process holds it; returns a function that releases it. */
async function lock(file: string): Promise<() => void> {
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process lives but belongs to another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
