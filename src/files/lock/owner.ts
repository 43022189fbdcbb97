/**
 * Who holds a lock, and whether that process is still there.
 *
 * A process id alone does not tell: ids are used again. On Linux the time that a process was started at, in clock ticks
 * since the machine was (proc(5), /proc/pid/stat, field 22), tells one process from another with the same id; the boot id
 * tells the machine's starts apart, the namespace of process ids containers. Where there is no /proc, a process with that
 * id counts as the holder unless the machine was started after the lock was taken.
 */

import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import * as z from "zod";
import { codeOf } from "../safeFolder.ts";

const short = z.string().max(128);

/** A lock file is data that anybody may have written. */
export const ownerSchema = z.object({
  /** Of this one lock. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  pid: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  /** Clock ticks between the machine's start and the process's; null: unknown. */
  started: short.nullable(),
  boot: short.nullable(),
  namespace: short.nullable(),
  host: z.string().regex(/^[\w.-]{0,255}$/),
  /** When the lock was taken. */
  since: z.iso.datetime(),
});

export type Owner = z.infer<typeof ownerSchema>;

/** "elsewhere": on another machine or in another container, where nobody can look. */
export type OwnerState = "alive" | "gone" | "elsewhere";

/** Clocks are set; in milliseconds. */
const clockTolerance = 60_000;

export function thisProcess(): Owner {
  return {
    id: randomBytes(16).toString("hex"),
    pid: process.pid,
    started: startOf(process.pid),
    boot: bootId(),
    namespace: processNamespace(),
    host: os
      .hostname()
      .replaceAll(/[^\w.-]/g, "_")
      .slice(0, 255),
    since: new Date().toISOString(),
  };
}

export function stateOf(owner: Owner): OwnerState {
  const here = thisProcess();
  const sameHost = owner.host === here.host;
  if (owner.boot !== here.boot) return sameHost ? "gone" : "elsewhere";
  if (owner.boot === null && !sameHost) return "elsewhere";
  if (owner.namespace !== here.namespace) return "elsewhere";
  if (!exists(owner.pid)) return "gone";
  const started = startOf(owner.pid);
  if (started === "ended") return "gone";
  if (started !== null && owner.started !== null) return started === owner.started ? "alive" : "gone";
  const booted = Date.now() - 1000 * os.uptime();
  return Date.parse(owner.since) < booted - clockTolerance ? "gone" : "alive";
}

/** `process 4711, since 2026-01-31 12:00:00 UTC` */
export function ownerText(owner: Owner): string {
  const where = stateOf(owner) === "elsewhere" ? ` on "${owner.host}"` : "";
  return `process ${owner.pid}${where}, since ${owner.since.slice(0, 19).replace("T", " ")} UTC`;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return codeOf(error) === "EPERM";
  }
}

/** Null where that cannot be known. */
function startOf(pid: number): string | null {
  const text = contents(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, and may hold any character.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  if (!fields) return null;
  // A process that has ended stays in the table until its parent asks for it.
  return fields[0] === "Z" || fields[0] === "X" ? "ended" : (fields[19] ?? null);
}

function bootId(): string | null {
  return contents("/proc/sys/kernel/random/boot_id")?.trim() ?? null;
}

function processNamespace(): string | null {
  try {
    return fs.readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}

function contents(file: string): string | null {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
