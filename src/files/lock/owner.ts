/**
 * The holder of a lock, and whether that process still exists.
 *
 * A process id alone is not enough, because ids are reused. On Linux, the start time of a process in clock ticks since
 * boot (proc(5), /proc/pid/stat, field 22) distinguishes processes with the same id. The boot id distinguishes boots,
 * and the process-id namespace distinguishes containers. Without /proc, a process with that id counts as the holder
 * unless the machine was booted after the lock was taken.
 */

import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import * as z from "zod";
import { folderWords } from "../../messages/folders.ts";
import { codeOf } from "../safeFolder.ts";

const short = z.string().max(128);

/** A lock file is untrusted data: anybody may have written it. */
export const ownerSchema = z.object({
  /** Identifies this one lock. */
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

/** "elsewhere": on another machine or in another container, where the process cannot be checked. */
export type OwnerState = "alive" | "gone" | "elsewhere";

/** Clocks can be adjusted; in milliseconds. */
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
  const host = stateOf(owner) === "elsewhere" ? owner.host : null;
  return folderWords().owner({ pid: owner.pid, host, since: owner.since.slice(0, 19).replace("T", " ") });
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists but belongs to another user.
    return codeOf(error) === "EPERM";
  }
}

/** Null if it is unknown. */
function startOf(pid: number): string | null {
  const text = contents(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, and may contain any character.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  if (!fields) return null;
  // An ended process stays in the table until its parent collects it.
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
