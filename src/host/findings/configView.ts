/** A config as the renderers show it: its problems and models, with their figures, findings and places in the text. */

import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import type { Range } from "../../config/source.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { RunInfo } from "../../protocol/run.ts";
import type { Run } from "../runs/run.ts";
import type { VerificationJob } from "../verify/verificationService.ts";
import type { LensLayer } from "./lensLayers.ts";

export interface FindingView {
  readonly finding: Finding;
  readonly range: Range;
  readonly stale: boolean;
}

/** A layer of the shown run and its place in the text. */
export interface LayerView {
  /** Index into the run's `info.layers`. */
  readonly index: number;
  readonly info: RunInfo["layers"][number];
  readonly range: Range;
  readonly findings: readonly FindingView[];
  /** Its place was edited since the run. */
  readonly stale: boolean;
}

export interface ModelView {
  readonly name: string;
  /** Range of the model's key in the text. */
  readonly range: Range;
  /** Only for a program's model: where the program begins the run, if it is in this text. */
  readonly program?: { readonly begun: Range | null };
  /** The model as the text now defines it; undefined while it has errors. */
  readonly model: ResolvedModel | undefined;
  /** False while a long text is being edited and not yet read. */
  readonly isRead: boolean;
  /** The newest run that is waiting or running. */
  readonly going: Run | undefined;
  /** The newest run of each kind that is waiting or running. */
  readonly goingByKind: { readonly [kind in Run["kind"]]: Run | undefined };
  /** The newest run with measurements, or one that ended without any. */
  readonly shown: Run | undefined;
  /** The text was edited since `shown` was started. */
  readonly stale: boolean;
  readonly findings: readonly FindingView[];
  readonly layers: readonly LayerView[];
  readonly lensLayers: readonly LensLayer[];
  /** Problems for which the engine refused `shown`; empty once the text is edited. */
  readonly refused: readonly ProblemView[];
  /** Remarks of the engine on the data of `shown`; empty once the text is edited. */
  readonly remarks: readonly ProblemView[];
  /** The place where the config says how far the gradient has to reach, or of the data that decide it. */
  readonly requirement: Range | undefined;
  /** The key of its data section; undefined while the text has errors. */
  readonly data: Range | undefined;
  /** The newest verification of the present text; undefined once it is edited. */
  readonly verification: VerificationJob | undefined;
}

export interface ProblemView {
  readonly problem: Problem;
  readonly range: Range;
}

/** A config's problems and models, in the order of the text. */
export interface ConfigView {
  readonly uri: string;
  readonly text: string;
  readonly problems: readonly ProblemView[];
  readonly models: readonly ModelView[];
}
