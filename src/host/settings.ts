/** Reads the settings with their types; package.json holds the defaults. */

import * as vscode from "vscode";
import { settings, settingsSection } from "../contributions.ts";
import { type Severity, severities } from "../protocol/finding.ts";

export type BackendSetting = "auto" | "tensorflow" | "wasm" | "cpu";

export interface Settings {
  readonly enabled: boolean;
  readonly codeLens: boolean;
  readonly diagnostics: boolean;
  /** The least severity of findings in the Problems view. */
  readonly diagnosticsLevel: Severity;
  readonly decorations: boolean;
  /** The last column in which notes at the ends of lines should end. */
  readonly lastColumn: number;
  readonly hover: boolean;
  readonly statusBar: boolean;
  readonly probeOnSave: boolean;
  readonly probeOnOpen: boolean;
  /** Milliseconds. */
  readonly probeBudget: number;
  /** Milliseconds. */
  readonly verifyBudget: number;
  readonly backend: BackendSetting;
  /** Milliseconds. */
  readonly idleTimeout: number;
  /** Milliseconds. */
  readonly responseTimeout: number;
  readonly keepRuns: number;
  readonly runsLocation: "workspaceStorage" | "project";
  /** Bytes. */
  readonly runsMaxSize: number;
  /** Milliseconds. */
  readonly runsMaxAge: number;
}

/** With the master switch off, surfaces and automatic probes are off, too. */
export function readSettings(): Settings {
  const section = vscode.workspace.getConfiguration(settingsSection);
  const on = (name: string): boolean => section.get(name) === true;
  const enabled = on(settings.enabled);
  return {
    enabled,
    codeLens: enabled && on(settings.codeLens),
    diagnostics: enabled && on(settings.diagnostics),
    diagnosticsLevel: severities.find((s) => s === section.get(settings.diagnosticsLevel)) ?? "warning",
    decorations: enabled && on(settings.decorations),
    lastColumn: number(section.get(settings.lastColumn), 0, 10_000, 120),
    hover: enabled && on(settings.hover),
    statusBar: enabled && on(settings.statusBar),
    probeOnSave: enabled && on(settings.probeOnSave),
    probeOnOpen: enabled && on(settings.probeOnOpen),
    probeBudget: number(section.get(settings.probeBudget), 100, 600_000, 2000),
    verifyBudget: 1000 * number(section.get(settings.verifyBudget), 5, 86_400, 60),
    backend: backend(section.get(settings.backend)),
    idleTimeout: 1000 * number(section.get(settings.idleTimeout), 0, 86_400, 300),
    responseTimeout: 1000 * number(section.get(settings.responseTimeout), 5, 86_400, 60),
    keepRuns: number(section.get(settings.keepRuns), 1, 200, 20),
    runsLocation: section.get(settings.runsLocation) === "project" ? "project" : "workspaceStorage",
    runsMaxSize: 2 ** 20 * number(section.get(settings.runsMaxSize), 16, 2 ** 20, 512),
    runsMaxAge: 86_400_000 * number(section.get(settings.runsMaxAge), 1, 3650, 30),
  };
}

/** The column up to which notes stand at the ends of lines; without lenses, which hold the others, all of them do. */
export function noteColumn({ codeLens, lastColumn }: Settings): number {
  return codeLens ? lastColumn : Number.POSITIVE_INFINITY;
}

/** A number within its limits; a settings file can hold anything. */
function number(value: unknown, min: number, max: number, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : otherwise;
}

function backend(value: unknown): BackendSetting {
  return value === "tensorflow" || value === "wasm" || value === "cpu" ? value : "auto";
}
