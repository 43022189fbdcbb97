/** Jobs of an engine: what is asked of it, and who receives the events. */

import { hostWords } from "../../messages/host.ts";
import type { DeepResult } from "../../protocol/deep.ts";
import {
  type DoctorReport,
  type FromEngine,
  protocolVersion,
  type RunEnd,
  type ToEngine,
} from "../../protocol/engineMessages.ts";
import type { Frame } from "../../protocol/frame.ts";
import type { MeasuredNeed } from "../../protocol/need.ts";
import type { RunInfo } from "../../protocol/run.ts";

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

/** What an engine reports about a run or a deep probe, before its end. */
type RunMessage = Extract<FromEngine, { type: "started" | "frame" | "need" | "deepProgress" | "deepResult" }>;

export interface EngineJob {
  /** Asks the engine to stop, and kills it if it does not within the grace time. A waiting run simply ends. */
  cancel(): void;
}

/** A job that waits or is being done. */
export interface Job {
  readonly message: RunRequestMessage | DeepRequestMessage | { readonly type: "doctor" };
  readonly sink: Partial<Omit<EngineSink & DeepSink, "ended">> & Pick<EngineSink, "ended">;
  readonly report?: (report: DoctorReport) => void;
  cancelled: boolean;
  lastStep: number;
  /** The engine has sent something since it was given this job. */
  heard: boolean;
}

export function newJob(message: Job["message"], sink: Job["sink"], report?: Job["report"]): Job {
  return { message, sink, ...(report && { report }), cancelled: false, lastStep: 0, heard: false };
}

/** Whether a job has this run id. */
export function isRun(job: Job, runId: string): boolean {
  return job.message.type !== "doctor" && job.message.runId === runId;
}

/** Whether a job trains, so that its end should be kept. */
export function isTraining(job: Job | undefined): boolean {
  return job?.message.type === "run" && job.message.kind === "train";
}

export function otherVersion(version: number): string {
  return hostWords().engineVersion({ engine: version, extension: protocolVersion });
}

/** @param limit milliseconds in which it gave no sign */
export function silent(limit: number): string {
  return hostWords().engineSilent(Math.round(limit / 1000));
}

/** Hands a message about a run to the job's sink; messages about other runs are dropped. */
export function deliver(job: Job, message: RunMessage): void {
  const { sink } = job;
  switch (message.type) {
    case "started":
      if (isRun(job, message.info.runId)) sink.started?.(message.info);
      return;
    case "frame":
      if (!isRun(job, message.frame.runId)) return;
      job.lastStep = message.frame.steps.at(-1) ?? job.lastStep;
      sink.frame?.(message.frame);
      return;
    case "need":
      if (isRun(job, message.runId)) sink.need?.(message.need);
      return;
    case "deepProgress":
      if (isRun(job, message.runId)) sink.progress?.(message.stage, message.share);
      return;
    case "deepResult":
      if (isRun(job, message.runId)) sink.result?.(message.result);
      return;
  }
}
