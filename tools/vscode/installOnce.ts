import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { root } from "../root.ts";
import { isAlive, lock } from "./fileLock.ts";

const cache = path.join(root, ".cache");

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
