/** A run as the host remembers it. Only RunService changes one; everyone else reads. */

import type { ResolvedModel } from "../../config/resolved.ts";
import type { RunEnd } from "../../protocol/engineMessages.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { RunState } from "../../protocol/panelMessages.ts";
import type { RunKind } from "../../protocol/run.ts";

export interface Run {
  readonly runId: string;
  readonly kind: RunKind;
  /** URI of the config document. */
  readonly uri: string;
  readonly configPath: string;
  /** The config at the time when the run was started. */
  readonly configText: string;
  readonly model: ResolvedModel;
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

/** The target of a run: one model of one config. */
export interface RunTarget {
  readonly uri: string;
  readonly configPath: string;
  readonly configText: string;
  readonly model: ResolvedModel;
}

/** A key that is equal for two models with the same meaning at the same places of a config. */
export function modelKey(model: ResolvedModel): string {
  return JSON.stringify(model);
}
