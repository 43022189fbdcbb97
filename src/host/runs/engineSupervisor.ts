/**
 * Owns one engine process: starts it when first needed, keeps it warm between runs, and turns every failure of the
 * process (it dies, hangs, speaks another protocol version, runs out of memory) into the end of the current run. The
 * next run then gets a fresh process.
 *
 * Runs are taken one at a time, in order. Independent of VS Code.
 */

import { type ChildProcess, fork } from "node:child_process";
import type { DeepResult } from "../../protocol/deep.ts";
import {
  type DoctorReport,
  type FromEngine,
  fromEngineSchema,
  protocolVersion,
  type RunEnd,
  type ToEngine,
} from "../../protocol/engineMessages.ts";
import type { Frame } from "../../protocol/frame.ts";
import type { MeasuredNeed } from "../../protocol/need.ts";
import type { RunInfo } from "../../protocol/run.ts";
import { describeExit } from "./describeExit.ts";
import { type EngineRole, type InspectPorts, inspectArguments } from "./inspection.ts";

export interface EngineOptions {
  /** The engine's bundle. */
  readonly enginePath: string;
  /** Added to the extension host's environment. */
  readonly env: () => { readonly [name: string]: string };
  /** Milliseconds for which an idle process is kept; 0 keeps none. */
  readonly idleTimeout: () => number;
  /** Milliseconds without any message during a run after which the process counts as hung. */
  readonly responseTimeout: () => number;
  /** Milliseconds between a cancel and SIGKILL. */
  readonly cancelGrace: number;
  /** Milliseconds in which the engine says that it stops. In a step that takes longer it cannot, and is killed. */
  readonly hearGrace: number;
  readonly log: (level: "info" | "warning" | "error", message: string) => void;
  readonly inspect: InspectPorts;
}

export type RunRequestMessage = Extract<ToEngine, { type: "run" }>;
export type DeepRequestMessage = Extract<ToEngine, { type: "deepProbe" }>;

/** Receives the events of one run. `ended` comes exactly once, and last. */
export interface EngineSink {
  started(info: RunInfo): void;
  frame(frame: Frame): void;
  need?(need: MeasuredNeed): void;
  ended(end: RunEnd): void;
}

/** Receives the events of one deep probe. `ended` comes exactly once, and last. */
export interface DeepSink {
  /** `share`: the completed share of that stage, 0 to 1. */
  progress(stage: string, share: number): void;
  result(result: DeepResult): void;
  ended(end: RunEnd): void;
}

export interface EngineJob {
  /** Asks the engine to stop, and kills it if it does not within the grace time. A waiting run simply ends. */
  cancel(): void;
}

interface Job {
  readonly message: RunRequestMessage | DeepRequestMessage | { readonly type: "doctor" };
  readonly sink: Partial<Omit<EngineSink & DeepSink, "ended">> & Pick<EngineSink, "ended">;
  readonly report?: (report: DoctorReport) => void;
  cancelled: boolean;
  lastStep: number;
  /** The engine has sent something since it was given this job. */
  heard: boolean;
}

/** Characters of the engine's stderr that are kept to explain a crash. */
const stderrTail = 4000;

export class EngineSupervisor {
  readonly #options: EngineOptions;
  /** Inspector port for a debugger; null without one. */
  readonly #inspectPort: number | null;
  #child: ChildProcess | undefined;
  #ready = false;
  /** The process was started for the current job, not kept from an earlier one. */
  #fresh = false;
  #stderr = "";
  #queue: Job[] = [];
  #current: Job | undefined;
  /** Processes that were asked to end and are not gone yet. */
  readonly #leaving = new Set<ChildProcess>();
  #silence: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(options: EngineOptions, role: EngineRole) {
    this.#options = options;
    this.#inspectPort = options.inspect[role];
  }

  /** Process id of the engine, while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get busy(): boolean {
    return this.#current !== undefined || this.#queue.length > 0;
  }

  run(request: RunRequestMessage, sink: EngineSink): EngineJob {
    return this.#enqueue({ message: request, sink, cancelled: false, lastStep: 0, heard: false });
  }

  /** Queues a deep probe among the runs. */
  deepProbe(request: DeepRequestMessage, sink: DeepSink): EngineJob {
    return this.#enqueue({ message: request, sink, cancelled: false, lastStep: 0, heard: false });
  }

  /** Asks the engine which backend it uses and why; rejects with the cause if it cannot answer. */
  doctor(): Promise<DoctorReport> {
    return new Promise((report, reject) => {
      const sink = {
        ended: (end: RunEnd) => reject(new Error(end.kind === "failed" ? end.message : "The request was cancelled.")),
      };
      this.#enqueue({ message: { type: "doctor" }, sink, report, cancelled: false, lastStep: 0, heard: false });
    });
  }

  /** Ends an idle process, so that changed settings take effect with the next run. */
  restartWhenIdle(): void {
    if (!this.busy) this.#shutDown();
  }

  dispose(): void {
    this.#disposed = true;
    this.#kill();
    for (const child of this.#leaving) child.kill("SIGKILL");
    const jobs = [...(this.#current ? [this.#current] : []), ...this.#queue];
    this.#current = undefined;
    this.#queue = [];
    for (const job of jobs) job.sink.ended({ kind: "cancelled" });
  }

  #enqueue(job: Job): EngineJob {
    this.#queue.push(job);
    this.#next();
    return { cancel: () => this.#cancel(job) };
  }

  #next(): void {
    if (this.#current || this.#disposed) return;
    const job = this.#queue.shift();
    if (!job) {
      this.#waitIdle();
      return;
    }
    clearTimeout(this.#idle);
    this.#current = job;
    this.#fresh = !this.#child;
    if (!this.#child) this.#start();
    if (this.#ready) this.#send(job.message);
    this.#expectSign();
  }

  #start(): void {
    const { enginePath, env, log } = this.#options;
    this.#ready = false;
    this.#stderr = "";
    const child = fork(enginePath, [], {
      serialization: "advanced",
      // Do not inherit the extension host's arguments: an inspector port can be opened only once.
      execArgv: [...inspectArguments(this.#inspectPort)],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Electron's executable acts as Node only if told so; plain Node ignores it.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", ...env() },
    });
    this.#child = child;
    child.stdout?.on("data", (data: Buffer) => log("info", `engine: ${data.toString().trimEnd()}`));
    child.stderr?.on("data", (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString()).slice(-stderrTail);
      log("warning", `engine: ${data.toString().trimEnd()}`);
    });
    child.on("message", (message) => {
      if (this.#child === child) this.#receive(message);
    });
    child.on("error", (error) => this.#gone(child, `The engine process could not be started: ${error.message}`));
    // "close" rather than "exit": by then all of stderr has been read.
    child.on("close", (code, signal) => this.#gone(child, describeExit(code, signal, this.#stderr)));
  }

  #receive(message: unknown): void {
    const parsed = fromEngineSchema.safeParse(message);
    if (!parsed.success) {
      this.#fail(`The engine sent a message that this extension does not understand: ${parsed.error.message}`);
      return;
    }
    this.#expectSign();
    if (this.#current) this.#current.heard = true;
    this.#handle(parsed.data);
  }

  #handle(message: FromEngine): void {
    const job = this.#current;
    switch (message.type) {
      case "ready":
        if (message.version !== protocolVersion) {
          this.#fail(
            `The engine speaks protocol version ${message.version}, this extension ${protocolVersion}: reinstall the extension.`,
          );
          return;
        }
        this.#ready = true;
        this.#options.log("info", `engine ${message.pid} is ready`);
        if (job?.cancelled) this.#end({ kind: "cancelled" });
        else if (job) this.#send(job.message);
        return;
      case "log":
        this.#options.log(message.level, `engine: ${message.message}`);
        return;
      case "doctor":
        if (job?.message.type !== "doctor") return;
        job.report?.(message.report);
        this.#end({ kind: "completed" });
        return;
      case "started":
        if (job && isRun(job, message.info.runId)) job.sink.started?.(message.info);
        return;
      case "frame":
        if (!job || !isRun(job, message.frame.runId)) return;
        job.lastStep = message.frame.steps.at(-1) ?? job.lastStep;
        job.sink.frame?.(message.frame);
        return;
      case "need":
        if (job && isRun(job, message.runId)) job.sink.need?.(message.need);
        return;
      case "deepProgress":
        if (job && isRun(job, message.runId)) job.sink.progress?.(message.stage, message.share);
        return;
      case "deepResult":
        if (job && isRun(job, message.runId)) job.sink.result?.(message.result);
        return;
      case "stopping":
        if (job?.cancelled && isRun(job, message.runId)) this.#killAfter(this.#options.cancelGrace, "stop");
        return;
      case "ended":
        if (job && isRun(job, message.runId)) this.#end(message.outcome);
        return;
    }
  }

  #cancel(job: Job): void {
    const waiting = this.#queue.indexOf(job);
    if (waiting >= 0) {
      this.#queue.splice(waiting, 1);
      job.sink.ended({ kind: "cancelled" });
      return;
    }
    if (job !== this.#current || job.cancelled) return;
    job.cancelled = true;
    if (this.#ready && job.message.type !== "doctor") this.#send({ type: "cancel", runId: job.message.runId });
    this.#killAfter(this.#options.hearGrace, "answer");
  }

  #killAfter(milliseconds: number, what: "answer" | "stop"): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      this.#options.log("warning", `the engine did not ${what} within ${milliseconds} ms and is killed`);
      this.#fail("The engine did not stop when asked, so its process was ended.");
    }, milliseconds);
  }

  /** Gives the process up: kills it and ends the current run. */
  #fail(cause: string): void {
    const child = this.#child;
    this.#kill();
    if (child) this.#lost(cause);
  }

  #gone(child: ChildProcess, cause: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#ready = false;
    const job = this.#current;
    if (job && !job.heard && !this.#fresh && !job.cancelled) {
      // The process died while idle, and the news came only after the job was sent, so the job is not the cause.
      this.#options.log("info", `${cause} A new one takes over.`);
      this.#current = undefined;
      this.#queue.unshift(job);
      this.#next();
      return;
    }
    this.#lost(cause);
  }

  #lost(cause: string): void {
    const job = this.#current;
    if (!job) return;
    this.#options.log("error", cause);
    const at = job.lastStep > 0 ? ` It had reached step ${job.lastStep}.` : "";
    this.#end(job.cancelled ? { kind: "cancelled" } : { kind: "failed", message: `${cause}${at}` });
  }

  #end(end: RunEnd): void {
    const job = this.#current;
    clearTimeout(this.#silence);
    clearTimeout(this.#grace);
    this.#current = undefined;
    job?.sink.ended(end);
    this.#next();
  }

  #expectSign(): void {
    clearTimeout(this.#silence);
    // A process at a breakpoint is silent without having failed.
    if (!this.#current || this.#inspectPort !== null) return;
    const limit = this.#options.responseTimeout();
    this.#silence = setTimeout(
      () =>
        this.#fail(
          `The engine did not respond for ${Math.round(limit / 1000)} s and was ended. If a step of this model takes that long, raise the setting gradlens.engine.responseTimeout.`,
        ),
      limit,
    );
  }

  #waitIdle(): void {
    clearTimeout(this.#idle);
    if (!this.#child) return;
    this.#idle = setTimeout(() => this.#shutDown(), this.#options.idleTimeout());
    this.#idle.unref();
  }

  #shutDown(): void {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    this.#ready = false;
    clearTimeout(this.#idle);
    this.#options.log("info", `engine ${child.pid} is idle and shut down`);
    if (child.connected) child.send({ type: "shutdown" } satisfies ToEngine, () => {});
    this.#leaving.add(child);
    const timer = setTimeout(() => child.kill("SIGKILL"), this.#options.cancelGrace);
    child.once("exit", () => {
      clearTimeout(timer);
      this.#leaving.delete(child);
    });
  }

  #kill(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#silence);
    clearTimeout(this.#grace);
    const child = this.#child;
    this.#child = undefined;
    this.#ready = false;
    child?.kill("SIGKILL");
  }

  #send(message: ToEngine): void {
    this.#child?.send(message, (error) => {
      // The exit event that follows says more.
      if (error) this.#options.log("warning", `message to the engine was lost: ${error.message}`);
    });
  }
}

function isRun(job: Job, runId: string): boolean {
  return job.message.type !== "doctor" && job.message.runId === runId;
}
