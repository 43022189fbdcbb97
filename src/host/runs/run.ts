/** A run as the host remembers it. Only RunService changes one; everyone else reads. */

import type { ResolvedModel } from "../../config/resolved.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { RunState } from "../../protocol/panelMessages.ts";
import type { RunKind } from "../../protocol/run.ts";
import type { ProgramPlace } from "../../tensorboard/description.ts";
import type { LensNote } from "../../tensorboard/storedRun.ts";

export interface Run {
  readonly runId: string;
  readonly kind: RunKind;
  /** URI of the config document, or of the program. */
  readonly uri: string;
  readonly configPath: string;
  /** The config at the time when the run was started. */
  readonly configText: string;
  /** Name of its model. */
  readonly name: string;
  /** The model as its config describes it; null if a program made it. */
  readonly model: ResolvedModel | null;
  /** Where a program made the model; null for a run of a config. */
  readonly program: ProgramPlaces | null;
  /** Started by the user, or by the editor on saving or opening a document. */
  readonly askedBy: "user" | "editor";
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds since the epoch; null until it has ended. */
  readonly endedAt: number | null;
  readonly state: RunState;
  readonly end: RunEnd | null;
  /** Its process was gone before it could say how it ended. */
  readonly interrupted: boolean;
  /** Null until the engine has built the model. */
  readonly history: RunHistory | null;
  readonly findings: readonly Finding[];
}

/** The places of a program in which a run and its layers were made. */
export interface ProgramPlaces {
  /** Whether the program describes its run in our format; false: its event files hold whatever they do. */
  readonly described: boolean;
  /** Where the program began the run; null if it does not say. */
  readonly begun: ProgramPlace | null;
  /** The place of each layer of the run; null where it is unknown. */
  readonly layers: readonly (ProgramPlace | null)[];
  /** Hyperparameters that it stated, by their names. */
  readonly settings: ReadonlyMap<string, string>;
  /** What its lens says in its own words. */
  readonly notes: readonly LensNote[];
}

/** The target of a run: one model of one config. */
export interface RunTarget {
  readonly uri: string;
  readonly configPath: string;
  readonly configText: string;
  readonly model: ResolvedModel;
}

/** A key that is equal for two models with the same meaning at the same places of a config. */
export function modelKey(model: ResolvedModel | null): string {
  return JSON.stringify(model);
}
