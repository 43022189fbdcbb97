/**
 * Messages between the extension host and the engine process (child_process.fork with `serialization: "advanced"`,
 * which preserves typed arrays). Both ends parse what they receive; an unknown message is an error and never ignored.
 */

import * as z from "zod";
import type { Immutable } from "../config/immutable.ts";
import { problemSchema } from "../config/problem.ts";
import { deepCheckpointSchema, deepResultSchema } from "./deep.ts";
import { frameSchema } from "./frame.ts";
import { measuredNeedSchema } from "./need.ts";
import { share } from "./numbers.ts";
import { backendInfoSchema, runInfoSchema, runKinds } from "./run.ts";

/** Increased when a message changes its meaning; both ends refuse other versions. */
export const protocolVersion = 5;

const path = z.string().min(1);

/** Host → engine. The engine parses the config's text itself, so that both use one source of truth. */
export const toEngineSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("run"),
    runId: path,
    kind: z.enum(runKinds),
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
    /** Where the run is written while it goes: a folder of that name in `root`, which exists. Absent: nowhere. */
    keep: z.strictObject({ root: path, folder: path, bound: z.number().positive() }).optional(),
    /** Whether a training goes on from the config's last checkpoint. */
    resume: z.boolean().optional(),
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
    /** Number of training steps before the probe; 0: a fresh model. Without effect on a checkpoint. */
    steps: z.int().nonnegative(),
    /** The weights of this checkpoint are probed; null: those of a fresh model after `steps`. */
    checkpoint: deepCheckpointSchema.nullable(),
  }),
  /** Cancels a run or a deep probe. */
  z.strictObject({ type: z.literal("cancel"), runId: path }),
  /** Requests `doctor`. */
  z.strictObject({ type: z.literal("doctor") }),
  z.strictObject({ type: z.literal("shutdown") }),
]);
export type ToEngine = Immutable<z.infer<typeof toEngineSchema>>;

export const runEndSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("completed") }),
  /** Early stopping ended it; the reason is for people. */
  z.strictObject({ kind: z.literal("completed-early"), reason: z.string() }),
  /** The time budget ended it. */
  z.strictObject({ kind: z.literal("budget") }),
  z.strictObject({ kind: z.literal("cancelled") }),
  /** Loss or weights are no longer finite, so further steps have no meaning. */
  z.strictObject({ kind: z.literal("diverged"), step: z.number() }),
  /** A problem in the config or its data, with its place. */
  z.strictObject({ kind: z.literal("refused"), problems: z.array(problemSchema) }),
  /** A defect or a missing resource; the message is for people. */
  z.strictObject({ kind: z.literal("failed"), message: z.string() }),
]);
/** How a run ended. */
export type RunEnd = Immutable<z.infer<typeof runEndSchema>>;

const doctorReportSchema = z.strictObject({
  node: z.string(),
  platform: z.string(),
  backend: backendInfoSchema,
  /** Free-form facts, in order: `kernels: …`, `threads: …`. */
  facts: z.array(z.strictObject({ name: z.string(), value: z.string() })),
});
export type DoctorReport = Immutable<z.infer<typeof doctorReportSchema>>;

/** Engine → host. */
export const fromEngineSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready"), version: z.number(), pid: z.number() }),
  z.strictObject({ type: z.literal("started"), info: runInfoSchema }),
  z.strictObject({ type: z.literal("frame"), frame: frameSchema }),
  /** Sent at the end of a run that learnt something, before `ended`. */
  z.strictObject({ type: z.literal("need"), runId: z.string(), need: measuredNeedSchema }),
  z.strictObject({ type: z.literal("deepProgress"), runId: z.string(), stage: z.string(), share }),
  z.strictObject({ type: z.literal("deepResult"), runId: z.string(), result: deepResultSchema }),
  /** The engine has heard `cancel` and stops, which takes a moment if it writes a checkpoint; `ended` follows. */
  z.strictObject({ type: z.literal("stopping"), runId: z.string() }),
  z.strictObject({ type: z.literal("ended"), runId: z.string(), outcome: runEndSchema }),
  z.strictObject({ type: z.literal("doctor"), report: doctorReportSchema }),
  z.strictObject({ type: z.literal("log"), level: z.enum(["info", "warning", "error"]), message: z.string() }),
]);
export type FromEngine = Immutable<z.infer<typeof fromEngineSchema>>;
