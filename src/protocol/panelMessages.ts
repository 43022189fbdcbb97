/**
 * Messages between the host and the panel's page. On `ready` the host sends a snapshot of everything, afterwards
 * deltas. A page that sees a gap in `seq` sends `ready` again. A hidden page receives nothing. Everything inbound is
 * parsed: a forged message must not be able to do more than a click.
 */

import * as z from "zod";
import type { DeepResult } from "./deep.ts";
import type { RunEnd } from "./engineMessages.ts";
import type { Finding } from "./finding.ts";
import type { Frame } from "./frame.ts";
import type { HistorySnapshot } from "./history.ts";
import type { MeasuredNeed } from "./need.ts";
import type { RunInfo, RunKind } from "./run.ts";
import type { VerificationView } from "./verificationView.ts";

export const panelProtocolVersion = 5;

/** The charts of the page. */
export const chartNames = ["loss", "heat", "profile", "flow", "exponents", "singular", "products"] as const;
/** The charts of the deep probe. */
export const deepChartNames = ["flow", "exponents", "singular", "products"] as const satisfies readonly ChartName[];
export type ChartName = (typeof chartNames)[number];

/** Characters of a picture in base64: 12 MB. */
const largestPicture = 2 ** 24;

export type RunState = "starting" | "running" | "ended";

/** A run as the panel's run menu shows it. */
export interface RunSummary {
  readonly runId: string;
  readonly kind: RunKind;
  readonly model: string;
  /** The model that this one extends, which is the first one to compare it with. */
  readonly base: string | null;
  readonly config: string;
  /** File name of the config, for people. */
  readonly configName: string;
  readonly state: RunState;
  readonly end: RunEnd | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** A finding with the information that the page needs to show its place. */
export interface PanelFinding {
  readonly finding: Finding;
  /** 1-based line in the config; null if the place no longer exists. */
  readonly line: number | null;
  /** Whether the config text was edited since. */
  readonly stale: boolean;
}

/** A run that is drawn over the selected one. */
export interface ComparedRun {
  readonly runId: string;
  readonly history: HistorySnapshot;
  /** Packed by `packFigures`. */
  readonly figures: Float64Array;
}

/** Most runs in one chart: more curves could not be distinguished. */
export const mostCompared = 4;

/** The newest deep probe. */
export interface DeepView {
  /** Path of its config. */
  readonly config: string;
  readonly model: string;
  /** Null: the model's only recurrent layer. */
  readonly layer: string | null;
  readonly steps: number;
  /** Whether the model was edited since. */
  readonly stale: boolean;
  readonly state:
    | { readonly kind: "busy"; readonly stage: string; readonly share: number }
    | { readonly kind: "done"; readonly result: DeepResult }
    /** Refused, failed or stopped; the message is for people. */
    | { readonly kind: "failed"; readonly message: string };
}

export type ToPanel =
  | {
      readonly type: "snapshot";
      readonly version: number;
      readonly runs: readonly RunSummary[];
      /** The run shown; null: nothing has run yet. */
      readonly selected: string | null;
      readonly history: HistorySnapshot | null;
      /** Figures of the selected run, packed by `packFigures`; null before its first step. */
      readonly figures: Float64Array | null;
      readonly compared: readonly ComparedRun[];
      readonly findings: readonly PanelFinding[];
      /** False in Restricted Mode: nothing may run. */
      readonly trusted: boolean;
      /** Whether a config is open or exists in the workspace. */
      readonly hasConfig: boolean;
    }
  | { readonly type: "runs"; readonly runs: readonly RunSummary[]; readonly selected: string | null }
  /** The selected run has begun: its layers and columns are known. */
  | { readonly type: "started"; readonly info: RunInfo }
  | { readonly type: "frame"; readonly frame: Frame }
  /** How far back the selected run's net uses its inputs, measured at its end. */
  | { readonly type: "need"; readonly runId: string; readonly need: MeasuredNeed }
  /** Also sent after each snapshot. */
  | { readonly type: "deep"; readonly deep: DeepView | null }
  /** Verification of the selected run's model; also sent after each snapshot. */
  | { readonly type: "verification"; readonly verification: VerificationView | null }
  | { readonly type: "findings"; readonly runId: string; readonly findings: readonly PanelFinding[] }
  /** The set of compared runs, or their figures, changed. */
  | {
      readonly type: "compared";
      /** The selected run, and its figures as in the snapshot. */
      readonly runId: string;
      readonly figures: Float64Array | null;
      /** All compared runs, in their order; those not in `changed` have not changed since the page received them. */
      readonly runIds: readonly string[];
      readonly changed: readonly ComparedRun[];
    };

export const fromPanelSchema = z.discriminatedUnion("type", [
  /** The page has (re)loaded and has no data, or has seen a gap. */
  z.strictObject({ type: z.literal("ready"), version: z.number() }),
  z.strictObject({ type: z.literal("select"), runId: z.string().max(200) }),
  /** Draw these runs over the selected one, and no others. */
  z.strictObject({ type: z.literal("compare"), runIds: z.array(z.string().max(200)).max(mostCompared) }),
  z.strictObject({ type: z.literal("stop"), runId: z.string().max(200) }),
  /** Run a deep probe of a layer of the selected run's model after `steps` training steps. */
  z.strictObject({ type: z.literal("deepProbe"), layer: z.string().max(1000), steps: z.int().min(0).max(1e9) }),
  z.strictObject({ type: z.literal("stopDeepProbe") }),
  /** Run the selected run's model with and without the fixes for one of its findings; null: for the most severe one. */
  z.strictObject({ type: z.literal("verify"), findingId: z.string().max(1000).nullable() }),
  z.strictObject({ type: z.literal("stopVerifying") }),
  /** Apply a fix's edit to the config; only if this verification showed that it is better. */
  z.strictObject({ type: z.literal("applyVerified"), verification: z.int().positive(), fixId: z.string().max(200) }),
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
    command: z.enum(["probe", "train", "createExample", "openInEditor", "manageTrust"]),
  }),
]);
export type FromPanel = z.infer<typeof fromPanelSchema>;
