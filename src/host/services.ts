/** Builds the host's parts in the order in which they depend on each other. */

import { performance } from "node:perf_hooks";
import * as vscode from "vscode";
import { contextKeys, settingsSection } from "../contributions.ts";
import { languageOf, languageTag, speak } from "../messages/language.ts";
import { AutoProbe } from "./autoProbe.ts";
import { registerCommands } from "./commands/register.ts";
import { DeepProbes } from "./deep/deepProbes.ts";
import type { Disposable } from "./disposableStore.ts";
import { programSelector, selector, trackDocuments } from "./documents.ts";
import { FileWatch } from "./fileWatch.ts";
import { FindingsStore } from "./findings/findingsStore.ts";
import { Decorations } from "./inline/decorations.ts";
import { Diagnostics } from "./inline/diagnostics.ts";
import { FindingDocs } from "./inline/findingDocs.ts";
import { FixActions } from "./inline/fixActions.ts";
import { Hovers } from "./inline/hovers.ts";
import { LensProvider } from "./inline/lensProvider.ts";
import { Log } from "./log.ts";
import { logEvents } from "./logEvents.ts";
import { AskNative, trustedFolder } from "./native/askNative.ts";
import { NativeConsent } from "./native/nativeConsent.ts";
import { ProgramRuns } from "./programRuns.ts";
import { RenderLoop } from "./renderLoop.ts";
import type { EngineOptions } from "./runs/engineSupervisor.ts";
import { inspectPorts, inspectVariable, noInspection } from "./runs/inspection.ts";
import { saysSomething } from "./runs/oldestRuns.ts";
import { RunService, type RunServiceOptions } from "./runs/runService.ts";
import { readSettings, type Settings } from "./settings.ts";
import { reportFailures } from "./status/reportFailures.ts";
import { reportInterrupted } from "./status/reportInterrupted.ts";
import { StatusBar } from "./status/statusBar.ts";
import { continueVerification } from "./store/continueVerification.ts";
import { KeptVerifications } from "./store/keptVerifications.ts";
import { RunStore, type RunStoreOptions } from "./store/runStore.ts";
import { storeOptions } from "./storeOptions.ts";
import { type ExtensionApi, testApi } from "./testApi.ts";
import { healthTests } from "./testing/healthTests.ts";
import { offerTools } from "./tools/offerTools.ts";
import { VerificationService } from "./verify/verificationService.ts";
import { registerConfigTexts } from "./views/configTexts.ts";
import { KeptSelection } from "./views/keptSelection.ts";
import { PanelHost } from "./views/panelHost.ts";
import { RunEditor } from "./views/runEditor.ts";
import { RunList } from "./views/runList.ts";
import { RunsTree } from "./views/runsTree.ts";
import { VirtualDocuments } from "./virtualDocuments.ts";

/** Milliseconds an engine has to stop when asked, before it is killed. */
const cancelGrace = 3000;

const hearGrace = 500;

const shown = [...selector, ...programSelector];

/** Hands a part to VS Code, which disposes it when the extension ends. */
type Own = <T extends Disposable>(part: T) => T;

export function startServices(context: vscode.ExtensionContext, begun: number): ExtensionApi {
  speak(languageOf(vscode.env.language));
  const { extensionUri, extension } = context;
  const settings = { now: readSettings() };
  const current = (): Settings => settings.now;
  const own: Own = (part) => {
    context.subscriptions.push(part);
    return part;
  };

  const log = own(new Log());
  const consent = new NativeConsent(context.globalState);
  const programs = own(new ProgramRuns(() => void kept.index.refresh()));
  const { runs, verifications, unfinished, native, kept, shown } = startRuns(
    engineOptions(extensionUri, current, consent, log),
    current,
    { consent, store: storeOptions(context, current, log, uriOf, () => programs.roots) },
    own,
  );
  const store = own(new FindingsStore(runs, verifications));
  const deep = own(new DeepProbes(runs, store));
  const loop = own(new RenderLoop(store));
  const docs = new FindingDocs(extensionUri);
  const documents = own(new VirtualDocuments(extensionUri, docs));
  const decorations = own(new Decorations(store, current, loop));
  const statusBar = own(new StatusBar(store, runs, verifications, current, loop));
  own(reportFailures(runs));
  own(logEvents(runs, verifications, log));
  const panel = own(new PanelHost({ extensionUri, runs, store, deep, verifications, log }));
  shown.by = (runId) => panel.selected?.runId === runId || panel.compared.includes(runId);
  const list = own(new RunList(runs, kept));
  const tree = own(new RunsTree(list));
  const runEditor = own(RunEditor.register(extensionUri, log, runs));
  own(registerConfigTexts(kept));
  own(new Diagnostics(store, current, docs, loop));
  registerLanguageFeatures(store, current, loop, own);
  const { packageJSON } = extension;
  const version = String((packageJSON as { readonly version?: unknown }).version);
  const lists = { kept, list, tree, runEditor };
  const targets = { runs, ...lists, store, verifications, deep, panel, docs, documents, native, log };
  own(registerCommands({ ...targets, version, extensionId: extension.id, extensionUri }));
  own(trackDocuments(store));
  own(offerTools({ extensionUri, version, idleTimeout: () => current().idleTimeout }));
  own(healthTests(runs, store));
  const selection = own(new KeptSelection(context.workspaceState, panel, kept));
  const restored = kept.restore().then(async () => {
    await unfinished.follow((one) => continueVerification(one, verifications, uriOf));
    await selection.restore();
    selectNewest(runs, panel);
    await programs.find();
  });
  const autoProbe = own(new AutoProbe(runs, store, current, restored));
  const fileChanged = (file: string): void => {
    deep.fileChanged(file);
    for (const uri of store.fileChanged(file)) autoProbe.filesChanged(uri);
  };
  own(new FileWatch(runs, store, fileChanged));
  keepRuns(kept, runs, verifications, own);
  const tellInterrupted = (): void => void reportInterrupted(list, context.workspaceState, uriOf);
  void restored.then(tellInterrupted);
  own(kept.index.onSettle(tellInterrupted));
  const services = { runs, verifications, store, deep, loop, panel, decorations, statusBar, autoProbe, log };
  followWorkspace(settings, services, own);
  keepContextKeys(runs, list, verifications, own);

  const activation = performance.now() - begun;
  log.write("info", `activated in ${activation.toFixed(1)} ms`);
  return testApi({ ...services, list, runEditor, restored, activation, settings: current });
}

/** In a window that has not shown a run yet, the panel begins with the newest one of the active config, or of any. */
function selectNewest({ runs }: RunService, panel: PanelHost): void {
  const active = vscode.window.activeTextEditor?.document.uri.toString();
  const newest = runs.findLast((run) => run.uri === active && saysSomething(run)) ?? runs.findLast(saysSomething);
  if (newest && !panel.selected) panel.select(newest.runId);
}

function uriOf(configPath: string): string {
  return vscode.Uri.file(configPath).toString();
}

/** Runs, verifications, and the question whether their engines may load native code. */
function startRuns(
  engine: EngineOptions,
  settings: () => Settings,
  { consent, store }: { readonly consent: NativeConsent; readonly store: RunStoreOptions },
  own: Own,
) {
  // The store and the panel come after the runs.
  const shown: { by: (runId: string) => boolean } = { by: () => false };
  const place: { of: NonNullable<RunServiceOptions["keepAt"]> } = { of: () => undefined };
  const probeBudget = (): number => settings().probeBudget;
  const runs = own(
    new RunService({
      engine,
      probeBudget,
      keep: () => settings().keepRuns,
      keepAt: (kind, runId) => place.of(kind, runId),
      shown: (runId) => shown.by(runId),
    }),
  );
  const unfinished = own(new KeptVerifications(store));
  const verifications = own(
    new VerificationService({
      engine,
      budget: () => settings().verifyBudget,
      keepAt: ({ configPath, configText, model }, finding) =>
        unfinished.begin({ configPath, configText, model: model.name, finding }),
    }),
  );
  const kept = own(new RunStore(store, runs, verifications));
  place.of = (kind, runId) => kept.place(kind, runId);
  const native = new AskNative(consent, () => enginesChanged(runs, verifications));
  own(
    runs.onStart(() => {
      const { backend } = settings();
      if (backend === "auto" || backend === "tensorflow") void native.once();
    }),
  );
  return { runs, verifications, unfinished, native, kept, shown };
}

function enginesChanged(runs: RunService, verifications: VerificationService): void {
  runs.engineSettingsChanged();
  verifications.engineSettingsChanged();
}

/** Keeps what ends, and looks for runs of other programs whenever the window comes back. */
function keepRuns(kept: RunStore, runs: RunService, verifications: VerificationService, own: Own): void {
  own(
    runs.onChange((run) => {
      if (run.state === "ended" && run.endedAt !== null) void kept.ended(run);
    }),
  );
  own(verifications.onChange((job) => kept.keepVerification(job)));
  own(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) void kept.index.refresh();
    }),
  );
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
      GRADLENS_LANG: languageTag(),
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
  own(vscode.languages.registerCodeLensProvider(shown, own(new LensProvider(store, settings, loop))));
  own(vscode.languages.registerHoverProvider(shown, new Hovers(store, settings)));
  own(vscode.languages.registerCodeActionsProvider(selector, new FixActions(store, settings), FixActions.metadata));
}

function keepContextKeys(runs: RunService, list: RunList, verifications: VerificationService, own: Own): void {
  const set = new Map<string, boolean>();
  const update = (): void => {
    const values = {
      [contextKeys.running]: runs.going.length > 0,
      [contextKeys.hasRuns]: list.size > 0,
      [contextKeys.verifying]: verifications.going.length > 0,
    };
    for (const [key, value] of Object.entries(values)) {
      if (set.get(key) === value) continue;
      set.set(key, value);
      void vscode.commands.executeCommand("setContext", key, value);
    }
  };
  own(list.onChange(update));
  own(verifications.onChange(update));
}
