/**
 * Shows event files in the panel's page: of a colleague, of PyTorch's SummaryWriter, of Keras's callback. All event
 * files of a folder are one run, as in TensorBoard. The page follows a file that grows.
 */

import path from "node:path";
import * as vscode from "vscode";
import { commands, runEditorType } from "../../contributions.ts";
import { runFigures } from "../../diagnosis/runFigures.ts";
import { hostWords } from "../../messages/host.ts";
import { packFigures } from "../../protocol/figures.ts";
import { panelProtocolVersion, type ToPanel } from "../../protocol/panelMessages.ts";
import { DisposableStore } from "../disposableStore.ts";
import type { Log } from "../log.ts";
import { lensNotesOf } from "../runs/lensNotes.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import { savePicture } from "../save/saveAs.ts";
import type { ReadRun, RunFile } from "../store/reading/messages.ts";
import { readRunFiles } from "../store/reading/runReader.ts";
import { foreignRun, restoredRun } from "../store/restoredRun.ts";
import { isBeingWritten, isEventFile, readRunFolder } from "../store/runFolders.ts";
import { sliceBytes } from "./mapSlices.ts";
import { type PageRequest, PanelPage } from "./panelPage.ts";

/** Milliseconds for which changes of a file are read together. */
const settle = 1000;

/** Bytes of a file on a virtual file system, which is read as a whole. */
const largestVirtual = 2 ** 28;

export class RunEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #log: Log;
  readonly #pages = new Set<EditorPage>();
  readonly #runs: RunService;

  private constructor(extensionUri: vscode.Uri, log: Log, runs: RunService) {
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#runs = runs;
  }

  /** @param runs the window's runs: one that an editor shows, too, grows with its file */
  static register(extensionUri: vscode.Uri, log: Log, runs: RunService): RunEditor & vscode.Disposable {
    const editor = new RunEditor(extensionUri, log, runs);
    const registration = vscode.window.registerCustomEditorProvider(runEditorType, editor, {
      supportsMultipleEditorsPerDocument: true,
    });
    return Object.assign(editor, { dispose: () => registration.dispose() });
  }

  /** The runs of the open editors. */
  get opened(): readonly OpenedRun[] {
    return [...this.#pages].flatMap((page) => page.opened ?? []);
  }

  /** What the open editors show. */
  get shown(): readonly ReadRun[] {
    return [...this.#pages].flatMap((page) => page.stored ?? []);
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, container: vscode.WebviewPanel): Promise<void> {
    const page = new EditorPage(uri, container, this.#extensionUri, this.#log, (run) => this.#follow(run));
    this.#pages.add(page);
    container.onDidDispose(() => {
      this.#pages.delete(page);
      page.dispose();
      // The file of a closed editor is followed no longer.
      if (page.opened) this.#follow({ ...page.opened.run, state: "ended" });
    });
    await page.read();
  }

  /** A comparison may have taken the run over. */
  #follow(run: Run): void {
    if (this.#runs.get(run.runId)) this.#runs.follow(run);
  }
}

/** A run in an editor of event files, as the panel knows runs. */
export interface OpenedRun {
  readonly run: Run;
  /** Absolute; null on a virtual file system. */
  readonly folder: string | null;
}

class EditorPage {
  readonly #uri: vscode.Uri;
  readonly #log: Log;
  readonly #page: PanelPage;
  readonly #subscriptions: DisposableStore;
  #reading: NodeJS.Timeout | undefined;
  #going = false;
  #read = false;
  readonly #tell: (run: Run) => void;
  stored: ReadRun | null = null;

  constructor(
    uri: vscode.Uri,
    container: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    log: Log,
    tell: (run: Run) => void,
  ) {
    this.#tell = tell;
    this.#uri = uri;
    this.#log = log;
    this.#page = new PanelPage({
      container,
      extensionUri,
      log,
      snapshot: () => this.#messages(),
      history: () => this.stored?.history,
      receive: (message) => this.#receive(message),
    });
    const folder = vscode.Uri.joinPath(uri, "..");
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "*tfevents*"));
    const changed = (): void => {
      this.#reading ??= setTimeout(() => void this.read(), settle);
    };
    this.#subscriptions = new DisposableStore(
      this.#page,
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
    );
  }

  async read(): Promise<void> {
    clearTimeout(this.#reading);
    this.#reading = undefined;
    try {
      const folder = path.dirname(this.#uri.fsPath);
      const local = this.#uri.scheme === "file";
      this.stored = local ? await readRunFolder(folder, this.#runId) : await readVirtual(this.#uri, this.#runId);
      this.#going = this.stored?.end === null && local && (await isBeingWritten(folder));
    } catch (error) {
      this.#log.write("warning", hostWords().cannotBeRead({ file: this.#uri.fsPath, error: String(error) }));
    }
    this.#read = true;
    for (const message of this.#messages()) this.#page.post(message);
    if (this.opened) this.#tell(this.opened.run);
  }

  /** Null until it has read a run. */
  get opened(): OpenedRun | null {
    const { stored } = this;
    if (!stored) return null;
    const own = restoredRun(stored, (file) => vscode.Uri.file(file).toString(), this.#going);
    const folder = this.#uri.scheme === "file" ? path.dirname(this.#uri.fsPath) : null;
    return { run: own ?? foreignRun(stored, this.#going), folder };
  }

  dispose(): void {
    clearTimeout(this.#reading);
    this.#subscriptions.dispose();
  }

  get #runId(): string {
    return this.#uri.toString();
  }

  #messages(): readonly ToPanel[] {
    if (!this.#read) return [];
    const { stored } = this;
    const history = stored?.history ?? null;
    const findings = stored?.findings ?? [];
    const config = stored?.config?.path ?? history?.info.config ?? "";
    const damaged = stored && stored.damaged > 0 ? hostWords().damagedSkipped(stored.damaged) : null;
    return [
      {
        type: "snapshot",
        version: panelProtocolVersion,
        viewer: true,
        runs: [
          {
            runId: this.#runId,
            kind: history?.info.kind ?? "train",
            model: history?.info.model ?? path.basename(this.#uri.path),
            base: null,
            external: true,
            config,
            configName: path.basename(config === "" ? this.#uri.path : config),
            state: this.#going ? "running" : "ended",
            end: stored
              ? (stored.end ?? (damaged === null ? null : { kind: "failed", message: damaged }))
              : { kind: "failed", message: hostWords().noFigures },
            startedAt: 1000 * (stored?.started ?? 0),
            checkpoints: [],
          },
        ],
        selected: this.#runId,
        history: history?.snapshot({ mapBytes: sliceBytes }) ?? null,
        figures: history && history.lastStep > 0 ? packFigures(runFigures(history, findings)) : null,
        compared: [],
        findings: findings.map((finding) => ({ finding, line: null, stale: false, snippets: [] })),
        notes: lensNotesOf(this.opened?.run),
        trusted: vscode.workspace.isTrusted,
        pinned: false,
        hasConfig: true,
      },
    ];
  }

  #receive(message: PageRequest): void {
    if (message.type === "command" && message.command === "compare")
      void vscode.commands.executeCommand(commands.compareRuns, this.#runId);
    if (message.type !== "savePicture") return;
    const name = this.stored?.history.info.model ?? "run";
    void savePicture(this.#uri.fsPath, `${name}-${message.chart}`, message.png).then((valid) => {
      if (!valid) this.#log.write("error", "the page sent something that is not a picture to save");
    });
  }
}

async function readVirtual(uri: vscode.Uri, runId: string): Promise<ReadRun | null> {
  const folder = vscode.Uri.joinPath(uri, "..");
  const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).filter(isEventFile);
  const files = await Promise.all(
    names.map(async (name): Promise<RunFile | null> => {
      const file = vscode.Uri.joinPath(folder, name);
      if ((await vscode.workspace.fs.stat(file)).size > largestVirtual) return null;
      return { name, content: await vscode.workspace.fs.readFile(file) };
    }),
  );
  return await readRunFiles({
    files: files.filter((file) => file !== null),
    runId,
    model: path.posix.basename(folder.path),
  });
}
