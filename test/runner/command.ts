import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { patience } from "../../tools/patience.mts";
import { root } from "../../tools/root.ts";
import { Silence } from "./silence.ts";

const windows = process.platform === "win32";

/** Files and pipes get no escape sequences. */
const plain = process.stdout.isTTY ? {} : { NO_COLOR: "1" };

/** Path of a package's command. */
export function bin(name: string): string {
  return path.join(root, "node_modules/.bin", windows ? `${name}.cmd` : name);
}

/** Takes the output of a command; undefined if it goes straight to ours. */
export type Output = ((text: string) => void) | undefined;

export interface CommandOptions {
  readonly output?: Output;
  readonly env?: NodeJS.ProcessEnv;
  /** A value that changes as the command progresses; without it the command counts as silent from its start. */
  readonly progress?: () => unknown;
  /** Milliseconds without progress after which the command counts as hung. */
  readonly silence?: number;
}

/** Commands that run at present, some of them beside each other. */
const going = new Set<ChildProcess>();

function interrupted(): never {
  for (const child of going) endGroup(child);
  process.exit(130);
}

/**
 * Runs a command. A command that hangs is ended with everything it started.
 *
 * @returns undefined if it exits with 0, else what happened instead
 */
export function runCommand(
  file: string,
  args: readonly string[],
  { output, env = {}, progress = () => undefined, silence = patience.silence }: CommandOptions = {},
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...plain, ...env },
      stdio: output ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
      shell: windows,
      // A separate process group can be ended as a whole.
      detached: !windows,
    });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", output ?? (() => {}));
    let late = false;
    const watch = new Silence(progress, silence, () => {
      late = true;
      endGroup(child);
    });
    if (going.size === 0) for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, interrupted);
    going.add(child);
    const settle = (outcome: string | undefined) => {
      watch.stop();
      going.delete(child);
      if (going.size === 0) for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, interrupted);
      resolve(outcome);
    };
    child.once("error", (error) => settle(`${file} did not start: ${error.message}`));
    // A pipe may still have text when the process has ended, and may stay open in something that it left behind.
    child.once("exit", async (code, signal) => {
      if (output) await Promise.race([once(child, "close"), setTimeout(1000)]);
      if (late) settle(`hangs: no progress for ${silence / 1000} s`);
      else settle(code === 0 ? undefined : `ended with ${signal ?? `exit status ${code}`}`);
    });
  });
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(windows ? pid : -pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
