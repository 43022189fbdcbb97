/** Starts and ends the process in which an engine runs. */

import { type ChildProcess, fork } from "node:child_process";
import { Socket } from "node:net";
import os from "node:os";
import { hostWords } from "../../messages/host.ts";
import type { ToEngine } from "../../protocol/engineMessages.ts";
import { stopFd, stopFdVariable, stopMessage, stopNumber } from "../../protocol/stopChannel.ts";
import { inspectArguments } from "./inspection.ts";

/** Characters of the engine's stderr that are kept to explain a crash. */
const stderrTail = 4000;

export interface ProcessOptions {
  /** The engine's bundle. */
  readonly enginePath: string;
  /** Added to the extension host's environment. */
  readonly env: () => { readonly [name: string]: string };
  readonly log: (level: "info" | "warning" | "error", message: string) => void;
}

/** Receives what comes from a process. */
export interface ProcessEvents {
  message(child: ChildProcess, message: unknown): void;
  /** Called now and then while the process computes, however long its event loop is busy. */
  sign(child: ChildProcess): void;
  /** Called when the process could not be started, and when it has ended. */
  gone(child: ChildProcess, cause: string): void;
}

/** @param inspectPort inspector port for a debugger; null without one */
export function startEngine(
  { enginePath, env, log }: ProcessOptions,
  inspectPort: number | null,
  { message, sign, gone }: ProcessEvents,
): ChildProcess {
  let stderr = "";
  const child = fork(enginePath, [], {
    serialization: "advanced",
    // Do not inherit the extension host's arguments: an inspector port can be opened only once.
    execArgv: [...inspectArguments(inspectPort)],
    stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
    // Electron's executable acts as Node only if told so; plain Node ignores it.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", [stopFdVariable]: String(stopFd), ...env() },
  });
  giveWay(child);
  child.stdout?.on("data", (data: Buffer) => log("info", `engine: ${data.toString().trimEnd()}`));
  child.stderr?.on("data", (data: Buffer) => {
    stderr = (stderr + data.toString()).slice(-stderrTail);
    log("warning", `engine: ${data.toString().trimEnd()}`);
  });
  child.on("message", (sent) => message(child, sent));
  const channel = stopChannel(child);
  channel?.on("data", () => sign(child));
  // The end of the process is reported below.
  channel?.on("error", () => {});
  child.on("error", (error) => gone(child, hostWords().engineNotStarted(error.message)));
  // "close" rather than "exit": by then all of stderr has been read.
  child.on("close", (code, signal) => gone(child, describeExit(code, signal, stderr)));
  return child;
}

/**
 * Lets the editor go first where both want the processor: the engine's threads can fill every core. Five steps of
 * "nice" leave it a fair share of a busy machine; Windows takes them as "below normal".
 */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    os.setPriority(pid, Math.min(os.constants.priority.PRIORITY_LOW, os.getPriority() + 5));
  } catch {
    // The process is gone already, or the system does not allow it. The engine then runs as any other process.
  }
}

function stopChannel(child: ChildProcess): Socket | null {
  const channel = child.stdio[stopFd];
  return channel instanceof Socket ? channel : null;
}

/** Stops a run even within a step, during which the process reads no messages. */
export function stopWithinStep(child: ChildProcess | undefined, runId: string): void {
  if (child) stopChannel(child)?.write(stopMessage(stopNumber(runId)));
}

/** Milliseconds in which a training that lost its host ends by itself. */
const lastGrace = 10_000;

/** Leaves a process that trains: it writes a last checkpoint and ends when it sees that it is alone. */
export function leaveTraining(child: ChildProcess | undefined): undefined {
  if (child?.connected) child.disconnect();
  setTimeout(() => child?.kill("SIGKILL"), lastGrace).unref();
}

/**
 * Asks a process to end, and kills it if it does not.
 *
 * @param grace milliseconds before it is killed
 * @param ended called when the process is gone
 */
export function shutDownEngine(child: ChildProcess, grace: number, ended: () => void): void {
  if (child.connected) child.send({ type: "shutdown" } satisfies ToEngine, () => {});
  const timer = setTimeout(() => child.kill("SIGKILL"), grace);
  child.once("exit", () => {
    clearTimeout(timer);
    ended();
  });
}

/**
 * Explains in one sentence why the engine process ended, from its exit code or signal and the end of its stderr. V8
 * aborts (SIGABRT, exit code 134) when its heap is full and says so on stderr; Linux' out-of-memory killer sends
 * SIGKILL.
 */
function describeExit(code: number | null, signal: NodeJS.Signals | null, stderr: string): string {
  const last = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /error|fatal|abort|exception/i.test(line))
    .at(0);
  const lastError = last === undefined ? "" : hostWords().engineSays(last.slice(0, 300));
  if (/heap out of memory|Cannot enlarge memory|allocation failed/i.test(stderr)) return hostWords().engineOutOfMemory;
  if (signal === "SIGKILL") return hostWords().engineKilled;
  if (signal !== null) return hostWords().engineSignal({ signal, lastError });
  if (code === 0) return hostWords().engineEnded;
  return hostWords().engineCode({ code, lastError });
}
