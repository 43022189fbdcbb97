import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
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

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A value that changes as the command progresses; without it the command counts as silent from its start. */
  readonly progress?: () => unknown;
  /** Milliseconds without progress after which the command counts as hung. */
  readonly silence?: number;
}

/**
 * Runs a command with its output on ours. A command that hangs is ended with everything it started.
 *
 * @returns undefined if it exits with 0, else what happened instead
 */
export function runCommand(
  file: string,
  args: readonly string[],
  { env = {}, progress = () => undefined, silence = patience.silence }: CommandOptions = {},
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...plain, ...env },
      stdio: ["ignore", "inherit", "inherit"],
      shell: windows,
      // A separate process group can be ended as a whole.
      detached: !windows,
    });
    let late = false;
    const watch = new Silence(progress, silence, () => {
      late = true;
      endGroup(child);
    });
    const interrupted = () => {
      endGroup(child);
      process.exit(130);
    };
    process.once("SIGINT", interrupted);
    process.once("SIGTERM", interrupted);
    const settle = (outcome: string | undefined) => {
      watch.stop();
      process.off("SIGINT", interrupted);
      process.off("SIGTERM", interrupted);
      resolve(outcome);
    };
    child.once("error", (error) => settle(`${file} did not start: ${error.message}`));
    child.once("exit", (code, signal) => {
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
