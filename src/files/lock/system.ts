/** What the operating system says about itself and its processes, as far as locks need it. */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import { codeOf } from "../safeFolder.ts";

/** Tests put another system, whose clock jumps, in its place. */
export interface System {
  readonly pid: number;
  host(): string;
  /** Distinguishes the starts of the machine; null: unknown. */
  boot(): string | null;
  /** Distinguishes containers; null: unknown. */
  namespace(): string | null;
  exists(pid: number): boolean;
  /** Distinguishes processes with the same id, and never changes while a process lives; null: unknown. */
  startOf(pid: number): string | typeof ended | null;
  /** Milliseconds since 1970. Anybody may set this clock. */
  now(): number;
  /** Milliseconds since the machine's start. Nobody can set this clock; it may rest while the machine sleeps. */
  sinceBoot(): number;
}

/** The start of a process that stays in the table until its parent collects it. */
export const ended = "ended";

/** Milliseconds after which a program that knows the start of a process is not waited for any longer. */
const psLimit = 2000;

export const thisSystem: System = {
  pid: process.pid,
  host: () =>
    os
      .hostname()
      .replaceAll(/[^\w.-]/g, "_")
      .slice(0, 255),
  boot: () => contents("/proc/sys/kernel/random/boot_id")?.trim() ?? null,
  namespace: () => {
    try {
      return fs.readlinkSync("/proc/self/ns/pid");
    } catch {
      return null;
    }
  },
  exists: (pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // EPERM: the process exists but belongs to another user.
      return codeOf(error) === "EPERM";
    }
  },
  startOf: (pid) => (process.platform === "darwin" ? startByPs(pid) : startByProc(pid)),
  now: () => Date.now(),
  sinceBoot: () => Number(process.hrtime.bigint() / 1_000_000n),
};

/** Linux: clock ticks between the machine's start and the process's (proc(5), /proc/pid/stat, field 22). */
function startByProc(pid: number): string | null {
  const text = contents(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, and may contain any character.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  if (!fields) return null;
  return fields[0] === "Z" || fields[0] === "X" ? ended : (fields[19] ?? null);
}

/** macOS: the date that the kernel noted at the process's start (ps(1)). It stays when the clock is set. */
export function startByPs(pid: number): string | null {
  try {
    const env = { LC_ALL: "C", TZ: "UTC" };
    const text = execFileSync("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
      env,
      encoding: "utf8",
      timeout: psLimit,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return text === "" ? null : text.slice(0, 128);
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
