/** Builds the host's parts in the order in which they depend on each other. */

import { performance } from "node:perf_hooks";
import * as vscode from "vscode";
import { contextKeys, settingsSection } from "../contributions.ts";
import { AutoProbe } from "./autoProbe.ts";
import { registerCommands } from "./commands/register.ts";
import { DeepProbes } from "./deep/deepProbes.ts";
import type { Disposable } from "./disposableStore.ts";
import { trackDocuments } from "./documents.ts";
import { FileWatch } from "./fileWatch.ts";
import { FindingsStore } from "./findings/findingsStore.ts";
import { Decorations } from "./inline/decorations.ts";
import { Diagnostics } from "./inline/diagnostics.ts";
import { FindingDocs } from "./inline/findingDocs.ts";
import { FixActions } from "./inline/fixActions.ts";
import { Hovers } from "./inline/hovers.ts";
import { LensProvider } from "./inline/lensProvider.ts";
import { Log } from "./log.ts";
import { AskNative, trustedFolder } from "./native/askNative.ts";
import { NativeConsent } from "./native/nativeConsent.ts";
import { RenderLoop } from "./renderLoop.ts";
import type { EngineOptions } from "./runs/engineSupervisor.ts";
import { inspectPorts, inspectVariable, noInspection } from "./runs/inspection.ts";
import { RunService, type RunServiceOptions } from "./runs/runService.ts";
import { readSettings, type Settings } from "./settings.ts";
import { reportFailures } from "./status/reportFailures.ts";
import { StatusBar } from "./status/statusBar.ts";
import { RunStore, type RunStoreOptions } from "./store/runStore.ts";
import { type ExtensionApi, testApi } from "./testApi.ts";
import { VerificationService } from "./verify/verificationService.ts";
import { KeptSelection } from "./views/keptSelection.ts";
import { PanelHost } from "./views/panelHost.ts";
import { RunsTree } from "./views/runsTree.ts";

/** Milliseconds an engine has to stop when asked, before it is killed. */
const cancelGrace = 3000;

/** Milliseconds in which an engine says that it stops. */
const hearGrace = 500;

/** Selects configs whatever the language of their document. */
const selector: vscode.DocumentSelector = [{ pattern: "**/gradlens.json" }, { pattern: "**/*.gradlens.json" }];

/** Hands a part to VS Code, which disposes it when the extension ends. */
type Own = <T extends Disposable>(part: T) => T;

export function startServices(context: vscode.ExtensionContext, begun: number): ExtensionApi {
  const { extensionUri, extension } = context;
  const settings = { now: readSettings() };
  const current = (): Settings => settings.now;
  const own: Own = (part) => {
    context.subscriptions.push(part);
    return part;
  };

  const log = own(new Log());
  const consent = new NativeConsent(context.globalState);
  const kept = new RunStore(storeOptions(context, current, log));
  const { runs, verifications, native } = startRuns(
    engineOptions(extensionUri, current, consent, log),
    current,
    { consent, kept },
    own,
  );
  const store = own(new FindingsStore(runs, verifications));
  const deep = own(new DeepProbes(runs, store));
  const loop = own(new RenderLoop(store));
  const docs = new FindingDocs(extensionUri);
  const decorations = own(new Decorations(store, current, loop));
  const statusBar = own(new StatusBar(store, runs, verifications, current, loop));
  own(reportFailures(runs));
  const panel = own(new PanelHost({ extensionUri, runs, store, deep, verifications, log }));
  own(new RunsTree(runs));
  own(new Diagnostics(store, current, docs, loop));
  registerLanguageFeatures(store, current, loop, own);
  const { packageJSON } = extension;
  const version = String((packageJSON as { readonly version?: unknown }).version);
  const targets = { runs, store, verifications, deep, panel, docs, native, log };
  own(registerCommands({ ...targets, version, extensionId: extension.id }));
  own(trackDocuments(store));
  const autoProbe = own(new AutoProbe(runs, store, current));
  const fileChanged = (file: string): void => {
    deep.fileChanged(file);
    for (const uri of store.fileChanged(file)) autoProbe.filesChanged(uri);
  };
  own(new FileWatch(runs, store, fileChanged));
  own(runs.onDelete((run) => kept.remove(run)));
  own(verifications.onChange((job) => kept.keepVerification(job, runs)));
  const selection = own(new KeptSelection(context.workspaceState, panel));
  void kept.restore(runs, verifications).then(() => selection.restore());
  const services = { runs, verifications, store, deep, loop, panel, decorations, statusBar, autoProbe, log };
  followWorkspace(settings, services, own);
  keepContextKeys(runs, own);

  const activation = performance.now() - begun;
  log.write("info", `activated in ${activation.toFixed(1)} ms`);
  return testApi({ ...services, activation, codeLens: () => current().codeLens });
}

/** Runs are kept in the workspace's storage, or in its first folder; without a workspace, in the user's storage. */
function storeOptions(context: vscode.ExtensionContext, settings: () => Settings, log: Log): RunStoreOptions {
  const project = (): vscode.Uri | undefined => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    return settings().runsLocation === "project" && vscode.workspace.isTrusted && folder?.scheme === "file"
      ? vscode.Uri.joinPath(folder, ".gradlens", "runs")
      : undefined;
  };
  return {
    root: () => {
      const root = project() ?? vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "runs");
      return root.scheme === "file" ? root.fsPath : null;
    },
    limits: () => ({ bytes: settings().runsMaxSize, age: settings().runsMaxAge }),
    keep: () => settings().keepRuns,
    uriOf: (configPath) => vscode.Uri.file(configPath).toString(),
    log: log.write,
  };
}

/** Runs, verifications, and the question whether their engines may load native code. */
function startRuns(
  engine: EngineOptions,
  settings: () => Settings,
  { consent, kept }: { readonly consent: NativeConsent; readonly kept: RunStore },
  own: Own,
) {
  const probeBudget = (): number => settings().probeBudget;
  const keepAt: RunServiceOptions["keepAt"] = (kind, runId) => kept.place(kind, runId);
  const runs = own(new RunService({ engine, probeBudget, keep: () => settings().keepRuns, keepAt }));
  const verifications = own(new VerificationService({ engine, budget: () => settings().verifyBudget }));
  const native = new AskNative(consent, () => enginesChanged(runs, verifications));
  own(
    runs.onStart(() => {
      const { backend } = settings();
      if (backend === "auto" || backend === "tensorflow") void native.once();
    }),
  );
  return { runs, verifications, native };
}

function enginesChanged(runs: RunService, verifications: VerificationService): void {
  runs.engineSettingsChanged();
  verifications.engineSettingsChanged();
}

interface Followers {
  readonly runs: RunService;
  readonly verifications: VerificationService;
  readonly deep: DeepProbes;
  readonly loop: RenderLoop;
  readonly statusBar: StatusBar;
  readonly autoProbe: AutoProbe;
}

/** Follows changes of the settings, and the moment from which the workspace is trusted. */
function followWorkspace(
  settings: { now: Settings },
  { runs, verifications, deep, loop, statusBar, autoProbe }: Followers,
  own: Own,
): void {
  const render = (): void => {
    loop.renderAll();
    statusBar.render();
  };
  own(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(settingsSection)) return;
      const before = settings.now;
      settings.now = readSettings();
      if (before.enabled && !settings.now.enabled) {
        runs.stopAll();
        deep.stop();
        verifications.stopAll();
      }
      if (before.backend !== settings.now.backend) enginesChanged(runs, verifications);
      render();
      autoProbe.lookAround();
    }),
  );
  own(vscode.workspace.onDidGrantWorkspaceTrust(render));
}

/** How both engines are started and ended. */
function engineOptions(
  extensionUri: vscode.Uri,
  settings: () => Settings,
  consent: NativeConsent,
  log: Log,
): EngineOptions {
  const inspect = inspectPorts(process.env[inspectVariable]);
  if (typeof inspect === "string") log.write("warning", inspect);
  return {
    enginePath: vscode.Uri.joinPath(extensionUri, "dist", "engine.js").fsPath,
    env: () => ({
      GRADLENS_BACKEND: settings().backend,
      GRADLENS_WORKSPACE: trustedFolder(),
      GRADLENS_NATIVE: consent.allowed(trustedFolder()),
    }),
    idleTimeout: () => settings().idleTimeout,
    responseTimeout: () => settings().responseTimeout,
    cancelGrace,
    hearGrace,
    log: log.write,
    inspect: typeof inspect === "string" ? noInspection : inspect,
  };
}

/** Lenses, hovers and quick fixes of configs. */
function registerLanguageFeatures(store: FindingsStore, settings: () => Settings, loop: RenderLoop, own: Own): void {
  const { languages } = vscode;
  own(languages.registerCodeLensProvider(selector, own(new LensProvider(store, settings, loop))));
  own(languages.registerHoverProvider(selector, new Hovers(store, settings)));
  own(languages.registerCodeActionsProvider(selector, new FixActions(store, settings), FixActions.metadata));
}

function keepContextKeys(runs: RunService, own: Own): void {
  const set = new Map<string, boolean>();
  const update = (): void => {
    const values = { [contextKeys.running]: runs.going.length > 0, [contextKeys.hasRuns]: runs.runs.length > 0 };
    for (const [key, value] of Object.entries(values)) {
      if (set.get(key) === value) continue;
      set.set(key, value);
      void vscode.commands.executeCommand("setContext", key, value);
    }
  };
  own(runs.onChange(update));
  own(runs.onRemove(update));
}
