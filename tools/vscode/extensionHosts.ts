/** Finds the extension hosts that this process started, directly or not, and their engines (Linux: proc(5)). */

import fs from "node:fs";

/** Process ids of the extension hosts below `ancestor`. */
export function extensionHosts(ancestor: number = process.pid): readonly number[] {
  const parents = parentsOfAll();
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === ancestor || (pid > 1 && isBelow(parents.get(pid))));
  return [...parents.keys()].filter((pid) => isBelow(pid) && commandOf(pid).includes("--type=extensionHost"));
}

/** Process ids of the engines that an extension host started and that still run. */
export function enginesOf(host: number): readonly number[] {
  return [...parentsOfAll()].filter(([pid, parent]) => parent === host && isEngine(pid)).map(([pid]) => pid);
}

/** Whether a process still runs, and is an engine. */
export function isEngine(pid: number): boolean {
  return /dist\/engine\.js/.test(commandOf(pid)) && stateOf(pid)[0] !== "Z";
}

function parentsOfAll(): ReadonlyMap<number, number> {
  const pids = fs.readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
  return new Map(pids.map((pid) => [pid, Number(stateOf(pid)[1] ?? 0)]));
}

/** State, parent and further fields of `/proc/pid/stat`; empty if the process has ended. */
function stateOf(pid: number): readonly string[] {
  // The command's name, in brackets, may contain anything.
  return read(`/proc/${pid}/stat`).split(")").at(-1)?.trim().split(" ") ?? [];
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`);
}

/** Empty if the process has ended. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
