/**
 * Shows event files in the panel's page: of a colleague, of PyTorch's SummaryWriter, of Keras's callback. All event
 * files of a folder are one run, as in TensorBoard. The page follows a file that grows.
 */

import path from "node:path";
import * as vscode from "vscode";
import { runEditorType } from "../../contributions.ts";
import { runFigures } from "../../diagnosis/runFigures.ts";
import { hostWords } from "../../messages/host.ts";
import { packFigures } from "../../protocol/figures.ts";
import type { Finding } from "../../protocol/finding.ts";
import { type FromPanel, panelProtocolVersion, type ToPanel } from "../../protocol/panelMessages.ts";
import { type EventFile, readRun } from "../../tensorboard/readRun.ts";
import type { StoredRun } from "../../tensorboard/storedRun.ts";
import { DisposableStore } from "../disposableStore.ts";
import type { Log } from "../log.ts";
import { savePicture } from "../save/saveAs.ts";
import { restoredRun } from "../store/restoredRun.ts";
import { isBeingWritten, isEventFile, readRunFolder } from "../store/runFolders.ts";
import { PanelPage } from "./panelPage.ts";

/** Milliseconds for which changes of a file are read together. */
const settle = 1000;

/** Bytes of a file on a virtual file system, which is read as a whole. */
const largestVirtual = 2 ** 28;

export class RunEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #log: Log;
  readonly #pages = new Set<EditorPage>();

  private constructor(extensionUri: vscode.Uri, log: Log) {
    this.#extensionUri = extensionUri;
    this.#log = log;
  }

  static register(extensionUri: vscode.Uri, log: Log): RunEditor & vscode.Disposable {
    const editor = new RunEditor(extensionUri, log);
    const registration = vscode.window.registerCustomEditorProvider(runEditorType, editor, {
      supportsMultipleEditorsPerDocument: true,
    });
    return Object.assign(editor, { dispose: () => registration.dispose() });
  }

  /** What the open editors show. */
  get shown(): readonly StoredRun[] {
    return [...this.#pages].flatMap((page) => page.stored ?? []);
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, container: vscode.WebviewPanel): Promise<void> {
    const page = new EditorPage(uri, container, this.#extensionUri, this.#log);
    this.#pages.add(page);
    container.onDidDispose(() => {
      this.#pages.delete(page);
      page.dispose();
    });
    await page.read();
  }
}

class EditorPage {
  readonly #uri: vscode.Uri;
  readonly #log: Log;
  readonly #page: PanelPage;
  readonly #subscriptions: DisposableStore;
  #reading: NodeJS.Timeout | undefined;
  #going = false;
  #read = false;
  stored: StoredRun | null = null;

  constructor(uri: vscode.Uri, container: vscode.WebviewPanel, extensionUri: vscode.Uri, log: Log) {
    this.#uri = uri;
    this.#log = log;
    this.#page = new PanelPage({
      container,
      extensionUri,
      log,
      snapshot: () => this.#messages(),
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
    const findings = stored ? findingsOf(stored) : [];
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
          },
        ],
        selected: this.#runId,
        history: history?.snapshot() ?? null,
        figures: history && history.lastStep > 0 ? packFigures(runFigures(history, findings)) : null,
        compared: [],
        findings: findings.map((finding) => ({ finding, line: null, stale: false, snippets: [] })),
        trusted: vscode.workspace.isTrusted,
        pinned: false,
        hasConfig: true,
      },
    ];
  }

  #receive(message: Exclude<FromPanel, { type: "ready" }>): void {
    if (message.type !== "savePicture") return;
    const name = this.stored?.history.info.model ?? "run";
    void savePicture(this.#uri.fsPath, `${name}-${message.chart}`, message.png).then((valid) => {
      if (!valid) this.#log.write("error", "the page sent something that is not a picture to save");
    });
  }
}

/** The findings of a run of ours are evaluated by this version's rules; others bring their own. */
function findingsOf(stored: StoredRun): readonly Finding[] {
  return restoredRun(stored, (file) => file)?.findings ?? stored.findings ?? [];
}

async function readVirtual(uri: vscode.Uri, runId: string): Promise<StoredRun | null> {
  const folder = vscode.Uri.joinPath(uri, "..");
  const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).filter(isEventFile);
  const files = await Promise.all(
    names.map(async (name): Promise<EventFile | null> => {
      const file = vscode.Uri.joinPath(folder, name);
      if ((await vscode.workspace.fs.stat(file)).size > largestVirtual) return null;
      const bytes = await vscode.workspace.fs.readFile(file);
      return { name, open: () => whole(bytes) };
    }),
  );
  return await readRun(
    files.filter((file) => file !== null),
    runId,
    path.posix.basename(folder.path),
  );
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
