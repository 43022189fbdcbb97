/**
 * Messages between the extension host and the engine process (child_process.fork with `serialization: "advanced"`,
 * which preserves typed arrays). Both ends parse what they receive; an unknown message is an error and never ignored.
 */

import * as z from "zod";
import type { Problem } from "../config/problem.ts";
import { type DeepResult, deepResultSchema } from "./deep.ts";
import type { Frame } from "./frame.ts";
import { type MeasuredNeed, measuredNeedSchema } from "./need.ts";
import type { BackendInfo, RunInfo } from "./run.ts";
import { backendInfoSchema, frameSchema, problemSchema, runInfoSchema } from "./schemas.ts";

/** Increased when a message changes its meaning; both ends refuse other versions. */
export const protocolVersion = 3;

const path = z.string().min(1);

/** Host → engine. The engine parses the config's text itself, so that both use one source of truth. */
export const toEngineSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("run"),
    runId: path,
    kind: z.enum(["probe", "train"]),
    configPath: path,
    configText: z.string(),
    model: z.string(),
    steps: z.int().positive().nullable(),
    /** Milliseconds; null: no limit. */
    budget: z.number().positive().nullable(),
    /**
     * Overrides the config's seed; null: the config's. A run with another seed serves a comparison and leaves nothing
     * behind.
     */
    seed: z.int().nonnegative().nullable(),
  }),
  /** Requests the deep probe of a recurrent layer; the answers are `deepProgress`, then `deepResult`, then `ended`. */
  z.strictObject({
    type: z.literal("deepProbe"),
    runId: path,
    configPath: path,
    configText: z.string(),
    model: z.string(),
    /** Null: the model's only recurrent layer. */
    layer: z.string().nullable(),
    /** Number of training steps before the probe; 0: a fresh model. */
    steps: z.int().nonnegative(),
  }),
  /** Cancels a run or a deep probe. */
  z.strictObject({ type: z.literal("cancel"), runId: path }),
  /** Requests `doctor`. */
  z.strictObject({ type: z.literal("doctor") }),
  z.strictObject({ type: z.literal("shutdown") }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

/** Engine → host. */
export type FromEngine =
  | { readonly type: "ready"; readonly version: number; readonly pid: number }
  | { readonly type: "started"; readonly info: RunInfo }
  | { readonly type: "frame"; readonly frame: Frame }
  /** Sent at the end of a run that learnt something, before `ended`. */
  | { readonly type: "need"; readonly runId: string; readonly need: MeasuredNeed }
  | { readonly type: "deepProgress"; readonly runId: string; readonly stage: string; readonly share: number }
  | { readonly type: "deepResult"; readonly runId: string; readonly result: DeepResult }
  /** The engine has heard `cancel` and stops, which takes a moment if it writes a checkpoint; `ended` follows. */
  | { readonly type: "stopping"; readonly runId: string }
  | { readonly type: "ended"; readonly runId: string; readonly outcome: RunEnd }
  | { readonly type: "doctor"; readonly report: DoctorReport }
  | { readonly type: "log"; readonly level: "info" | "warning" | "error"; readonly message: string };

/** How a run ended. */
export type RunEnd =
  | { readonly kind: "completed" }
  /** Early stopping ended it; the reason is for people. */
  | { readonly kind: "completed-early"; readonly reason: string }
  /** The time budget ended it. */
  | { readonly kind: "budget" }
  | { readonly kind: "cancelled" }
  /** Loss or weights are no longer finite, so further steps have no meaning. */
  | { readonly kind: "diverged"; readonly step: number }
  /** A problem in the config or its data, with its place. */
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
  /** A defect or a missing resource; the message is for people. */
  | { readonly kind: "failed"; readonly message: string };

export interface DoctorReport {
  readonly node: string;
  readonly platform: string;
  readonly backend: BackendInfo;
  /** Free-form facts, in order: `kernels: …`, `threads: …`. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

export const runEndSchema: z.ZodType<RunEnd> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("completed") }),
  z.strictObject({ kind: z.literal("completed-early"), reason: z.string() }),
  z.strictObject({ kind: z.literal("budget") }),
  z.strictObject({ kind: z.literal("cancelled") }),
  z.strictObject({ kind: z.literal("diverged"), step: z.number() }),
  z.strictObject({ kind: z.literal("refused"), problems: z.array(problemSchema) }),
  z.strictObject({ kind: z.literal("failed"), message: z.string() }),
]);

export const fromEngineSchema: z.ZodType<FromEngine> = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready"), version: z.number(), pid: z.number() }),
  z.strictObject({ type: z.literal("started"), info: runInfoSchema }),
  z.strictObject({ type: z.literal("frame"), frame: frameSchema }),
  z.strictObject({ type: z.literal("need"), runId: z.string(), need: measuredNeedSchema }),
  z.strictObject({
    type: z.literal("deepProgress"),
    runId: z.string(),
    stage: z.string(),
    share: z.number().min(0).max(1),
  }),
  z.strictObject({ type: z.literal("deepResult"), runId: z.string(), result: deepResultSchema }),
  z.strictObject({ type: z.literal("stopping"), runId: z.string() }),
  z.strictObject({ type: z.literal("ended"), runId: z.string(), outcome: runEndSchema }),
  z.strictObject({
    type: z.literal("doctor"),
    report: z.strictObject({
      node: z.string(),
      platform: z.string(),
      backend: backendInfoSchema,
      facts: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    }),
  }),
  z.strictObject({ type: z.literal("log"), level: z.enum(["info", "warning", "error"]), message: z.string() }),
]);
