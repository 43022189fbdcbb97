/**
 * What `activate` returns: a read-only view of what the extension shows, for tests. VS Code does not tell an extension
 * which decorations an editor has or what a status bar says. Not meant for other extensions; it may change at any time.
 */

import type { RunEnd } from "../protocol/engineMessages.ts";
import type { Finding } from "../protocol/finding.ts";
import type { DeepView, RunState } from "../protocol/panelMessages.ts";
import type { RunKind } from "../protocol/run.ts";
import type { VerificationJob } from "./verify/verificationService.ts";

export interface ShownFinding {
  readonly finding: Finding;
  readonly model: string;
  readonly stale: boolean;
}

export interface ShownRun {
  readonly runId: string;
  readonly kind: RunKind;
  readonly model: string;
  readonly uri: string;
  readonly state: RunState;
  readonly end: RunEnd | null;
  readonly steps: number;
  readonly findings: number;
}

export interface ExtensionApi {
  /** Milliseconds `activate` took. */
  readonly activation: number;
  findings(uri: string): readonly ShownFinding[];
  /** Text at the end of each line (0-based) of an open config. */
  decorations(uri: string): readonly { readonly line: number; readonly text: string; readonly tone: string }[];
  /** Titles of the lenses by line (0-based). */
  lenses(uri: string): readonly { readonly line: number; readonly title: string }[];
  /** Text of the status bar item; undefined while it is hidden. */
  status(): string | undefined;
  runs(): readonly ShownRun[];
  /** Id of the run that the panel shows. */
  selected(): string | undefined;
  /** Ids of the runs drawn over it. */
  compared(): readonly string[];
  /** The newest deep probe. */
  deepProbe(): DeepView | null;
  /** The newest verification of a model's fixes. */
  verification(uri: string, model: string): VerificationJob | undefined;
  /** Process ids of the running engines. */
  enginePids(): readonly number[];
  /** Errors in the log. */
  errors(): readonly string[];
  /** Resolves when no run is waiting, running or about to start, and everything is drawn. */
  idle(): Promise<void>;
}
