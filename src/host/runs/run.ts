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
  /** The config as it was when the run was asked for. */
  readonly configText: string;
  readonly model: ResolvedModel;
  /** Whether a person asked for it, or a save or an opened document did. */
  readonly askedBy: "user" | "editor";
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly state: RunState;
  readonly end: RunEnd | null;
  /** Undefined until the engine has built the model. */
  readonly history: RunHistory | undefined;
  readonly findings: readonly Finding[];
}

/** What a run was asked of: one model of one config. */
export interface RunTarget {
  readonly uri: string;
  readonly configPath: string;
  readonly configText: string;
  readonly model: ResolvedModel;
}

/** Equal for two models that mean the same at the same places of a config. */
export function modelKey(model: ResolvedModel): string {
  return JSON.stringify(model);
}
