/**
 * Messages between the host and the panel's page. On `ready` the host sends a snapshot of everything, afterwards
 * deltas. A snapshot has the first heat maps of a run; the others follow in slices, among the frames. A page that sees a gap in `seq` sends `ready` again. A hidden page receives nothing. Everything inbound is
 * parsed: a forged message must not be able to do more than a click.
 */

import * as z from "zod";
import { differenceSchema } from "../config/differences.ts";
import type { Immutable } from "../config/immutable.ts";
import { checkpointKinds, deepResultSchema } from "./deep.ts";
import { runEndSchema } from "./engineMessages.ts";
import { figureNames } from "./figures.ts";
import { findingSchema, severities } from "./finding.ts";
import { frameSchema } from "./frame.ts";
import { channelMapSchema, historySnapshotSchema } from "./history.ts";
import { measuredNeedSchema } from "./need.ts";
import { float64Schema, share } from "./numbers.ts";
import { runInfoSchema, runKinds } from "./run.ts";
import { verificationViewSchema } from "./verificationView.ts";

export const panelProtocolVersion = 11;

/** The charts of the page. */
export const chartNames = ["loss", "heat", "profile", "flow", "exponents", "singular", "products"] as const;
/** The charts of the deep probe. */
export const deepChartNames = ["flow", "exponents", "singular", "products"] as const satisfies readonly ChartName[];
export type ChartName = (typeof chartNames)[number];

/** Characters of a picture in base64: 12 MB. */
const largestPicture = 2 ** 24;

/** Most runs in one chart: more curves could not be distinguished. */
export const mostCompared = 4;

/** Most runs that are opened by one drop. */
export const mostDropped = 8;

/** `stopping`: it was told to stop, and the engine still finishes its step. */
const runStates = ["starting", "running", "stopping", "ended"] as const;
export type RunState = (typeof runStates)[number];

const runSummarySchema = z.strictObject({
  runId: z.string(),
  kind: z.enum(runKinds),
  model: z.string(),
  /** The model that this one extends, which is the first one to compare it with. */
  base: z.string().nullable(),
  /** A program of the user's makes it: nothing of it can be started or stopped from here. */
  external: z.boolean(),
  config: z.string(),
  /** Short name of the config, for people. */
  configName: z.string(),
  state: z.enum(runStates),
  end: runEndSchema.nullable(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  /** The checkpoints that the run keeps. */
  checkpoints: z.array(z.enum(checkpointKinds)),
});
/** A run as the panel's run menu shows it. */
export type RunSummary = Immutable<z.infer<typeof runSummarySchema>>;

const object = z.record(z.string(), z.unknown());

/**
 * Restores evidence that JSON could not represent as NaN.
 *
 * VS Code turns a message into JSON and sends its typed arrays separately, so a NaN or an infinity in a plain number
 * arrives as null, but typed arrays keep theirs. Only a finding's evidence has such numbers outside a typed array;
 * there null means "not finite".
 */
function restoreEvidence(value: unknown): unknown {
  const finding = object.safeParse(value);
  const evidence = object.safeParse(finding.data?.["evidence"]);
  if (!finding.success || !evidence.success) return value;
  const restored = Object.entries(evidence.data).map(([k, v]) => [k, v === null ? Number.NaN : v]);
  return { ...finding.data, evidence: Object.fromEntries(restored) };
}

const panelFindingSchema = z.strictObject({
  finding: z.preprocess(restoreEvidence, findingSchema),
  /** 1-based line in the config; null if the place no longer exists. */
  line: z.int().positive().nullable(),
  /** Whether the config text was edited since. */
  stale: z.boolean(),
  /** Suggestions for a program, as lines of Python. */
  snippets: z.array(z.strictObject({ title: z.string(), code: z.string() })),
});
/** A finding with the information that the page needs to show its place. */
export type PanelFinding = Immutable<z.infer<typeof panelFindingSchema>>;

/** Packed by `packFigures`. */
const figuresSchema = float64Schema.refine((f) => f.length === figureNames.length, "not the figures of a run");

const comparedSnapshotSchema = z
  .strictObject({
    runId: z.string(),
    history: historySnapshotSchema,
    figures: figuresSchema,
    /** What the selected run (`here`) and this one (`there`) were configured with, where it differs. */
    differences: z.array(differenceSchema),
  })
  .refine(({ runId, history }) => history.info.runId === runId, "the history of another run");
/** A run that is drawn over the selected one. */
export type ComparedSnapshot = Immutable<z.infer<typeof comparedSnapshotSchema>>;

const comparedSchema = z.array(comparedSnapshotSchema).max(mostCompared);

const lensNoteSchema = z.strictObject({
  /** Name of the layer that it concerns; null: it concerns the whole run. */
  layer: z.string().nullable(),
  text: z.string(),
});
/** What the lens of a program says in its own words, such as what it cannot measure. */
export type PanelNote = Immutable<z.infer<typeof lensNoteSchema>>;

const findingsSchema = z.array(panelFindingSchema);

/** The part that snapshots of all versions have in common. */
export const anySnapshotSchema = z.object({ type: z.literal("snapshot"), version: z.number() });

const deepViewSchema = z.strictObject({
  /** Path of its config. */
  config: z.string(),
  model: z.string(),
  /** Null: the model's only recurrent layer. */
  layer: z.string().nullable(),
  steps: z.int().nonnegative(),
  /** The kind of checkpoint whose weights are probed; null: the model is trained for `steps`. */
  checkpoint: z.enum(checkpointKinds).nullable(),
  /** Whether the model was edited since. */
  stale: z.boolean(),
  state: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("busy"), stage: z.string(), share }),
    z.strictObject({ kind: z.literal("done"), result: deepResultSchema }),
    /** Refused, failed or stopped; the message is for people. */
    z.strictObject({ kind: z.literal("failed"), message: z.string() }),
  ]),
});
/** The newest deep probe. */
export type DeepView = Immutable<z.infer<typeof deepViewSchema>>;

/** Most models of a config that are shown side by side. */
export const mostTiles = 60;

const tileSchema = z.strictObject({
  /** The model's newest run with something to say. */
  runId: z.string(),
  model: z.string(),
  going: z.boolean(),
  /** Severity of the gravest finding; null without findings. */
  severity: z.enum(severities).nullable(),
  /** The model's verdict, as in its code lens. */
  verdict: z.string(),
  /** Its gradient backward in time, in block characters; empty without a recurrent layer. */
  picture: z.string(),
  /** Loss of the newest steps, and of the best constant predictor, for people. */
  loss: z.string(),
});
/** A model beside the others of its config. */
export type Tile = Immutable<z.infer<typeof tileSchema>>;

/** Host → panel. */
export const toPanelSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("snapshot"),
    version: z.number(),
    /** The page shows a file: nothing can be run from it, and it has no other runs. */
    viewer: z.boolean(),
    runs: z.array(runSummarySchema),
    /** The run shown; null: nothing has run yet. */
    selected: z.string().nullable(),
    history: historySnapshotSchema.nullable(),
    /** Figures of the selected run; null before its first step. */
    figures: figuresSchema.nullable(),
    compared: comparedSchema,
    findings: findingsSchema,
    notes: z.array(lensNoteSchema),
    /** False in Restricted Mode: nothing may run. */
    trusted: z.boolean(),
    /** Whether the panel keeps its run while other configs become active. */
    pinned: z.boolean(),
    /** Whether a config is open or exists in the workspace. */
    hasConfig: z.boolean(),
  }),
  z.strictObject({ type: z.literal("runs"), runs: z.array(runSummarySchema), selected: z.string().nullable() }),
  /** The selected run has begun: its layers and columns are known. */
  z.strictObject({ type: z.literal("started"), info: runInfoSchema }),
  z.strictObject({ type: z.literal("frame"), frame: frameSchema }),
  /** Heat maps that a snapshot of this run was without, as they are after the newest frame that was sent. */
  z.strictObject({ type: z.literal("maps"), runId: z.string(), maps: z.array(channelMapSchema) }),
  /** How far back the selected run's net uses its inputs, measured at its end. */
  z.strictObject({ type: z.literal("need"), runId: z.string(), need: measuredNeedSchema }),
  /** Also sent after each snapshot. */
  z.strictObject({ type: z.literal("deep"), deep: deepViewSchema.nullable() }),
  /** Verification of the selected run's model; also sent after each snapshot. */
  z.strictObject({ type: z.literal("verification"), verification: verificationViewSchema.nullable() }),
  /** The models of the selected run's config; also sent after each snapshot. */
  z.strictObject({ type: z.literal("tiles"), tiles: z.array(tileSchema).max(mostTiles) }),
  z.strictObject({ type: z.literal("findings"), runId: z.string(), findings: findingsSchema }),
  /** The set of compared runs, or their figures, changed. */
  z.strictObject({
    type: z.literal("compared"),
    /** The selected run, and its figures as in the snapshot. */
    runId: z.string(),
    figures: figuresSchema.nullable(),
    /** All compared runs, in their order; those not in `changed` have not changed since the page received them. */
    runIds: z.array(z.string()).max(mostCompared),
    changed: comparedSchema,
  }),
]);
export type ToPanel = Immutable<z.infer<typeof toPanelSchema>>;

/** Panel → host. */
export const fromPanelSchema = z.discriminatedUnion("type", [
  /** The page has (re)loaded and has no data, or has seen a gap. */
  z.strictObject({ type: z.literal("ready"), version: z.number() }),
  z.strictObject({ type: z.literal("select"), runId: z.string().max(200) }),
  /** Draw these runs over the selected one, and no others. */
  z.strictObject({ type: z.literal("compare"), runIds: z.array(z.string().max(200)).max(mostCompared) }),
  z.strictObject({ type: z.literal("pin"), pinned: z.boolean() }),
  z.strictObject({ type: z.literal("stop"), runId: z.string().max(200) }),
  /** Run a deep probe of a layer of the selected run's model after `steps` training steps. */
  z.strictObject({ type: z.literal("deepProbe"), layer: z.string().max(1000), steps: z.int().min(0).max(1e9) }),
  /** Run a deep probe of a layer with the weights that the selected run has kept. */
  z.strictObject({
    type: z.literal("deepProbeCheckpoint"),
    layer: z.string().max(1000),
    kind: z.enum(checkpointKinds),
  }),
  z.strictObject({ type: z.literal("stopDeepProbe") }),
  /** Open the runs at these addresses, which were dropped on the page. */
  z.strictObject({ type: z.literal("openDropped"), uris: z.array(z.string().max(4096)).min(1).max(mostDropped) }),
  /** Run the selected run's model with and without the fixes for one of its findings; null: for the most severe one. */
  z.strictObject({ type: z.literal("verify"), findingId: z.string().max(1000).nullable() }),
  z.strictObject({ type: z.literal("stopVerifying") }),
  /** Apply a fix of one of the run's findings to the config, or show what it would change. */
  z.strictObject({
    type: z.enum(["applyFix", "previewFix"]),
    findingId: z.string().max(1000),
    fixId: z.string().max(200),
  }),
  /** Apply a fix's edit to the config, or show what it would change; only if this verification showed that it is better. */
  z.strictObject({
    type: z.enum(["applyVerified", "previewVerified"]),
    verification: z.int().positive(),
    fixId: z.string().max(200),
  }),
  /** Save a chart as a picture, with `png` in base64. The user is asked for the place. */
  z.strictObject({
    type: z.literal("savePicture"),
    chart: z.enum(chartNames),
    png: z
      .string()
      .max(largestPicture)
      .regex(/^[A-Za-z0-9+/]+={0,2}$/),
  }),
  /** Show the config line of a finding. */
  z.strictObject({ type: z.literal("reveal"), findingId: z.string().max(1000) }),
  /** One of the buttons of the empty state and the toolbar. */
  z.strictObject({
    type: z.literal("command"),
    command: z.enum(["probe", "train", "compare", "createExample", "openInEditor", "manageTrust"]),
  }),
]);
export type FromPanel = Immutable<z.infer<typeof fromPanelSchema>>;
