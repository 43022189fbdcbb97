/** Ids of everything that package.json contributes; a test compares the two. */

export const commands = {
  probe: "gradlens.probe",
  train: "gradlens.train",
  deepProbe: "gradlens.deepProbe",
  deepProbeCheckpoint: "gradlens.deepProbeCheckpoint",
  stop: "gradlens.stop",
  openPanel: "gradlens.openPanel",
  openPanelInEditor: "gradlens.openPanelInEditor",
  createExample: "gradlens.createExample",
  openExample: "gradlens.openExample",
  toggle: "gradlens.toggle",
  openSettings: "gradlens.openSettings",
  showLog: "gradlens.showLog",
  doctor: "gradlens.doctor",
  nativeCode: "gradlens.nativeCode",
  selectRun: "gradlens.selectRun",
  compareRuns: "gradlens.compareRuns",
  deleteRun: "gradlens.deleteRun",
  clearRuns: "gradlens.clearRuns",
  diffConfigs: "gradlens.diffConfigs",
  renameRun: "gradlens.renameRun",
  noteRun: "gradlens.noteRun",
  pinRun: "gradlens.pinRun",
  unpinRun: "gradlens.unpinRun",
  revealRun: "gradlens.revealRun",
  resumeRun: "gradlens.resumeRun",
  filterRuns: "gradlens.filterRuns",
  clearRunFilter: "gradlens.clearRunFilter",
  exportRunCsv: "gradlens.exportRunCsv",
  exportRunJson: "gradlens.exportRunJson",
  exportReport: "gradlens.exportReport",
  explain: "gradlens.explain",
  applyFix: "gradlens.applyFix",
  previewFix: "gradlens.previewFix",
  verify: "gradlens.verify",
  stopVerifying: "gradlens.stopVerifying",
  showVerified: "gradlens.showVerified",
  applyVerified: "gradlens.applyVerified",
  reveal: "gradlens.reveal",
  openExternalRun: "gradlens.openExternalRun",
  addLens: "gradlens.addLens",
  insertSnippet: "gradlens.insertSnippet",
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

export const views = { container: "gradlens", panel: "gradlens.panel", runs: "gradlens.runs" } as const;

/** Type of the panel's editor tab, which VS Code uses to restore it. */
export const panelTabType = "gradlens.panelTab";

/** Type of the editor that shows event files. */
export const runEditorType = "gradlens.runEditor";

/** Scheme of our read-only documents. Opening one activates the extension. */
export const virtualScheme = "gradlens";

/** Names of the settings, without the section `gradlens`. */
export const settings = {
  enabled: "enabled",
  codeLens: "codeLens.enabled",
  diagnostics: "diagnostics.enabled",
  diagnosticsLevel: "diagnostics.level",
  decorations: "decorations.enabled",
  lastColumn: "decorations.lastColumn",
  hover: "hover.enabled",
  statusBar: "statusBar.enabled",
  probeOnSave: "probe.onSave",
  probeOnOpen: "probe.onOpen",
  probeBudget: "probe.budget",
  verifyBudget: "verify.budget",
  backend: "engine.backend",
  idleTimeout: "engine.idleTimeout",
  responseTimeout: "engine.responseTimeout",
  keepRuns: "runs.keep",
  runsLocation: "runs.location",
  runsMaxSize: "runs.maxSize",
  runsMaxAge: "runs.maxAge",
} as const;
export const settingsSection = "gradlens";

export const contextKeys = {
  /** A run is waiting or running. */
  running: "gradlens.running",
  /** There is a run to show. */
  hasRuns: "gradlens.hasRuns",
  /** The runs view shows only some of them. */
  runsFiltered: "gradlens.runsFiltered",
  /** Fixes are being verified. */
  verifying: "gradlens.verifying",
} as const;

/** Whether a path names a config: `gradlens.json` or `*.gradlens.json`. */
export function isConfigPath(path: string): boolean {
  return /(?:^|[/\\.])gradlens\.json$/i.test(path);
}

/** Where a workspace has configs. */
export const configPattern = "{**/gradlens.json,**/*.gradlens.json}";

/** The provider of servers of the Model Context Protocol. */
export const mcpProviderId = "gradlens.mcp";

/** Tools for language models, in the order in which the server of the Model Context Protocol lists them. */
export const toolNames = ["list_models", "get_findings", "probe_model", "compare_runs", "verify_fixes"] as const;
export type ToolName = (typeof toolNames)[number];

/** The name under which VS Code knows a tool: one window has the tools of all extensions. */
export function contributedTool(name: ToolName): string {
  return `gradlens_${name}`;
}
