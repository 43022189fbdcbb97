/**
 * Owns one engine process: starts it when first needed, keeps it warm between runs, and turns every failure of the
 * process (it dies, hangs, speaks another protocol version, runs out of memory) into the end of the current run. The
 * next run then gets a fresh process.
 *
 * Runs are taken one at a time, in order. Independent of VS Code.
 */

import type { ChildProcess } from "node:child_process";
import { hostWords } from "../../messages/host.ts";
import {
  type DoctorReport,
  type FromEngine,
  fromEngineSchema,
  protocolVersion,
  type RunEnd,
  type ToEngine,
} from "../../protocol/engineMessages.ts";
import {
  type DeepRequestMessage,
  type DeepSink,
  deliver,
  type EngineJob,
  type EngineSink,
  isRun,
  isTraining,
  type Job,
  newJob,
  otherVersion,
  type RunRequestMessage,
  silent,
} from "./engineJob.ts";
import { leaveTraining, type ProcessOptions, shutDownEngine, startEngine, stopWithinStep } from "./engineProcess.ts";
import type { EngineRole, InspectPorts } from "./inspection.ts";
import { WakefulTimer } from "./wakefulTimer.ts";

export interface EngineOptions extends ProcessOptions {
  /** Milliseconds for which an idle process is kept; 0 keeps none. */
  readonly idleTimeout: () => number;
  /** Milliseconds without a message or a sign of progress during a run after which the process counts as hung. */
  readonly responseTimeout: () => number;
  /** Milliseconds between a cancel and SIGKILL. */
  readonly cancelGrace: number;
  /** Milliseconds in which the engine says that it stops. In one operation that takes longer it cannot, and is killed. */
  readonly hearGrace: number;
  readonly inspect: InspectPorts;
}

export class EngineSupervisor {
  readonly #options: EngineOptions;
  /** Inspector port for a debugger; null without one. */
  readonly #inspectPort: number | null;
  #child: ChildProcess | undefined;
  #ready = false;
  /** The process was started for the current job, not kept from an earlier one. */
  #fresh = false;
  #queue: Job[] = [];
  #current: Job | undefined;
  /** Processes that were asked to end and are not gone yet. */
  readonly #leaving = new Set<ChildProcess>();
  readonly #silence = new WakefulTimer(() => this.#fail(silent(this.#options.responseTimeout())));
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
    return this.#enqueue(newJob(request, sink));
  }

  /** Queues a deep probe among the runs. */
  deepProbe(request: DeepRequestMessage, sink: DeepSink): EngineJob {
    return this.#enqueue(newJob(request, sink));
  }

  /** Asks the engine which backend it uses and why; rejects with the cause if it cannot answer. */
  doctor(): Promise<DoctorReport> {
    return new Promise((report, reject) => {
      const sink = {
        ended: (end: RunEnd) => reject(new Error(end.kind === "failed" ? end.message : hostWords().requestCancelled)),
      };
      this.#enqueue(newJob({ type: "doctor" }, sink, report));
    });
  }

  /** Ends an idle process, so that changed settings take effect with the next run. */
  restartWhenIdle(): void {
    if (!this.busy) this.#shutDown();
  }

  dispose(): void {
    this.#disposed = true;
    if (isTraining(this.#current)) this.#child = leaveTraining(this.#child);
    this.#kill();
    for (const child of this.#leaving) child.kill("SIGKILL");
    const jobs = [...(this.#current ? [this.#current] : []), ...this.#queue.splice(0)];
    this.#current = undefined;
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
    this.#ready = false;
    this.#child = startEngine(this.#options, this.#inspectPort, {
      message: (child, message) => {
        if (this.#child === child) this.#receive(message);
      },
      sign: (child) => {
        if (this.#child === child) this.#expectSign();
      },
      gone: (child, cause) => this.#gone(child, cause),
    });
  }

  #receive(message: unknown): void {
    const parsed = fromEngineSchema.safeParse(message);
    if (!parsed.success) {
      this.#fail(hostWords().engineNotUnderstood(parsed.error.message));
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
          this.#fail(otherVersion(message.version));
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
      case "frame":
      case "need":
      case "deepProgress":
      case "deepResult":
        if (job) deliver(job, message);
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
    if (this.#ready && job.message.type !== "doctor") {
      this.#send({ type: "cancel", runId: job.message.runId });
      stopWithinStep(this.#child, job.message.runId);
    }
    this.#killAfter(this.#options.hearGrace, "answer");
  }

  #killAfter(milliseconds: number, what: "answer" | "stop"): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      this.#options.log("warning", `the engine did not ${what} within ${milliseconds} ms and is killed`);
      this.#fail(hostWords().engineDidNotStop);
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
      this.#options.log("info", hostWords().newOneTakesOver(cause));
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
    const at = job.lastStep > 0 ? hostWords().hadReached(job.lastStep) : "";
    this.#end(job.cancelled ? { kind: "cancelled" } : { kind: "failed", message: `${cause}${at}` });
  }

  #end(end: RunEnd): void {
    const job = this.#current;
    this.#silence.stop();
    clearTimeout(this.#grace);
    this.#current = undefined;
    job?.sink.ended(end);
    this.#next();
  }

  #expectSign(): void {
    this.#silence.stop();
    // A process at a breakpoint is silent without having failed.
    if (this.#current && this.#inspectPort === null) this.#silence.start(this.#options.responseTimeout());
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
    this.#leaving.add(child);
    shutDownEngine(child, this.#options.cancelGrace, () => this.#leaving.delete(child));
  }

  #kill(): void {
    clearTimeout(this.#idle);
    this.#silence.stop();
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
