/**
 * Run-time checks of what the host sends to the panel's page.
 *
 * VS Code turns a message into JSON and sends its typed arrays separately, so a NaN or an infinity in a plain number
 * arrives as null, but typed arrays keep theirs. Only a finding's evidence has such numbers outside a typed array;
 * there null means "not finite".
 */

import * as z from "zod";
import { deepResultSchema } from "./deep.ts";
import { runEndSchema } from "./engineMessages.ts";
import { figureNames } from "./figures.ts";
import type { Frame } from "./frame.ts";
import type { HistorySnapshot } from "./history.ts";
import { measuredNeedSchema } from "./need.ts";
import {
  type ComparedRun,
  type DeepView,
  mostCompared,
  type PanelFinding,
  type RunSummary,
  type ToPanel,
} from "./panelMessages.ts";
import type { RunInfo } from "./run.ts";
import { channelSchema, findingSchema, float64Schema, frameSchema, runInfoSchema } from "./schemas.ts";
import { verificationViewSchema } from "./verificationView.ts";

const runSummarySchema: z.ZodType<RunSummary> = z.strictObject({
  runId: z.string(),
  kind: z.enum(["probe", "train"]),
  model: z.string(),
  base: z.string().nullable(),
  config: z.string(),
  configName: z.string(),
  state: z.enum(["starting", "running", "ended"]),
  end: runEndSchema.nullable(),
  startedAt: z.number(),
});

const object = z.record(z.string(), z.unknown());

/** Restores evidence that JSON could not represent as NaN. */
function restoreEvidence(value: unknown): unknown {
  const finding = object.safeParse(value);
  const evidence = object.safeParse(finding.data?.["evidence"]);
  if (!finding.success || !evidence.success) return value;
  const restored = Object.entries(evidence.data).map(([k, v]) => [k, v === null ? Number.NaN : v]);
  return { ...finding.data, evidence: Object.fromEntries(restored) };
}

const panelFindingSchema: z.ZodType<PanelFinding> = z.strictObject({
  finding: z.preprocess(restoreEvidence, findingSchema),
  line: z.int().positive().nullable(),
  stale: z.boolean(),
});

/** Whether all indices and lengths in a snapshot agree with its run. */
function consistent(s: HistorySnapshot): boolean {
  return (
    s.rows.length === s.steps.length * s.info.columns.length &&
    s.maps.every(
      ({ layer, latest, map }) =>
        s.info.layers[layer]?.recurrent?.timesteps === map.timesteps &&
        latest.length === map.timesteps &&
        map.firstSteps.length >= map.columns &&
        map.lastSteps.length >= map.columns &&
        map.values.length >= map.columns * map.timesteps,
    )
  );
}

export const historySnapshotSchema: z.ZodType<HistorySnapshot> = z
  .strictObject({
    info: runInfoSchema,
    lastSeq: z.int().nonnegative(),
    lastStep: z.number().nonnegative(),
    steps: float64Schema,
    rows: float64Schema,
    need: measuredNeedSchema.nullable(),
    maps: z.array(
      z.strictObject({
        layer: z.int().nonnegative(),
        channel: channelSchema,
        stride: z.number().positive(),
        latest: float64Schema,
        map: z.strictObject({
          timesteps: z.int().positive(),
          columns: z.int().nonnegative(),
          firstSteps: float64Schema,
          lastSteps: float64Schema,
          values: float64Schema,
        }),
      }),
    ),
  })
  .refine(consistent, "arrays of the snapshot do not fit its run");

const figuresSchema = float64Schema.refine((f) => f.length === figureNames.length, "not the figures of a run");

const comparedSchema: z.ZodType<readonly ComparedRun[]> = z
  .array(
    z
      .strictObject({ runId: z.string(), history: historySnapshotSchema, figures: figuresSchema })
      .refine(({ runId, history }) => history.info.runId === runId, "the history of another run"),
  )
  .max(mostCompared);

const findingsSchema = z.array(panelFindingSchema);

/** The part that snapshots of all versions have in common. */
export const anySnapshotSchema = z.object({ type: z.literal("snapshot"), version: z.number() });

const deepViewSchema: z.ZodType<DeepView> = z.strictObject({
  config: z.string(),
  model: z.string(),
  layer: z.string().nullable(),
  steps: z.int().nonnegative(),
  stale: z.boolean(),
  state: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("busy"), stage: z.string(), share: z.number().min(0).max(1) }),
    z.strictObject({ kind: z.literal("done"), result: deepResultSchema }),
    z.strictObject({ kind: z.literal("failed"), message: z.string() }),
  ]),
});

/** Host → panel. */
export const toPanelSchema: z.ZodType<ToPanel> = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("snapshot"),
    version: z.number(),
    runs: z.array(runSummarySchema),
    selected: z.string().nullable(),
    history: historySnapshotSchema.nullable(),
    figures: figuresSchema.nullable(),
    compared: comparedSchema,
    findings: findingsSchema,
    trusted: z.boolean(),
    hasConfig: z.boolean(),
  }),
  z.strictObject({ type: z.literal("need"), runId: z.string(), need: measuredNeedSchema }),
  z.strictObject({ type: z.literal("runs"), runs: z.array(runSummarySchema), selected: z.string().nullable() }),
  z.strictObject({ type: z.literal("started"), info: runInfoSchema }),
  z.strictObject({ type: z.literal("frame"), frame: frameSchema }),
  z.strictObject({ type: z.literal("deep"), deep: deepViewSchema.nullable() }),
  z.strictObject({ type: z.literal("verification"), verification: verificationViewSchema.nullable() }),
  z.strictObject({ type: z.literal("findings"), runId: z.string(), findings: findingsSchema }),
  z.strictObject({
    type: z.literal("compared"),
    runId: z.string(),
    figures: figuresSchema.nullable(),
    runIds: z.array(z.string()).max(mostCompared),
    changed: comparedSchema,
  }),
]);

/** Whether a frame's arrays have the sizes that its run announced. */
export function frameFits(info: RunInfo, frame: Frame): boolean {
  return (
    frame.steps.length > 0 &&
    frame.rows.length === frame.steps.length * info.columns.length &&
    frame.profiles.every((p) => {
      const timesteps = info.layers[p.layer]?.recurrent?.timesteps;
      return p.values.length === timesteps && p.max.length === timesteps;
    })
  );
}
