import { spawn } from "node:child_process";
import path from "node:path";
import { root } from "../../tools/root.ts";

const windows = process.platform === "win32";

/** Into a file or a pipe no escape sequences go. */
const plain = process.stdout.isTTY ? {} : { NO_COLOR: "1" };

/** Path of a package's command. */
export function bin(name: string): string {
  return path.join(root, "node_modules/.bin", windows ? `${name}.cmd` : name);
}

/**
 * Runs a command with its output on ours. After `seconds` it is ended with all it started.
 *
 * @returns undefined when it exits with 0, else what happened instead
 */
export function runCommand(
  file: string,
  args: readonly string[],
  seconds: number,
  env: NodeJS.ProcessEnv = {},
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...plain, ...env },
      stdio: ["ignore", "inherit", "inherit"],
      shell: windows,
      // A process group of its own can be ended as a whole.
      detached: !windows,
    });
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(windows ? child.pid : -child.pid, "SIGKILL");
      } catch {
        // Gone already.
      }
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, seconds * 1000);
    const interrupted = () => {
      end();
      process.exit(130);
    };
    process.once("SIGINT", interrupted);
    process.once("SIGTERM", interrupted);
    const settle = (outcome: string | undefined) => {
      clearTimeout(timer);
      process.off("SIGINT", interrupted);
      process.off("SIGTERM", interrupted);
      resolve(outcome);
    };
    child.once("error", (error) => settle(`${file} did not start: ${error.message}`));
    child.once("exit", (code, signal) => {
      if (late) settle(`not finished within ${seconds} s`);
      else settle(code === 0 ? undefined : `ended with ${signal ?? `exit status ${code}`}`);
    });
  });
}
