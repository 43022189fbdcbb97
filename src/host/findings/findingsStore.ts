/**
 * State of each open config: for each model the run whose figures are shown, whether the text was edited since, and
 * where its findings belong in the present text. Code lens, squiggle, decoration, hover, quick fix, status bar, tree
 * and panel only render it, so they cannot disagree. Independent of VS Code: texts come in, offsets go out.
 *
 * Stale: an edit inside the text that defines a model (its entry, inherited layers, data and training) marks its
 * results stale at once, whatever the edit means. A save, or undoing the edit, compares the model's meaning with what
 * was run, and removes the mark if it is the same. A change on disk of a file that the model was measured with also
 * marks it stale; that mark stays.
 */

import { promptLength } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import { told } from "../../config/problems.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import type { Range } from "../../config/source.ts";
import { isConfigPath } from "../../contributions.ts";
import type { Finding } from "../../protocol/finding.ts";
import { DisposableStore } from "../disposableStore.ts";
import { Emitter, type Subscription } from "../emitter.ts";
import { saysSomething } from "../runs/oldestRuns.ts";
import { modelKey, type Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import type { VerificationJob } from "../verify/verificationService.ts";
import { ConfigDocument, type TextChange } from "./configDocument.ts";
import type { ConfigView, ModelView } from "./configView.ts";
import { lensLayers } from "./lensLayers.ts";
import { hasSettled, isSame, layerViews } from "./modelLayers.ts";
import { namedFilesOf } from "./namedFiles.ts";
import { ProgramTexts } from "./programTexts.ts";

export interface StoreChange {
  readonly uri: string;
  /** `text`: the config was opened, edited, saved or closed; `state`: a run began or ended; `progress`: one moved on. */
  readonly cause: "text" | "state" | "progress";
}

/** What the store needs to know about verifications. */
export interface Verifications {
  of(uri: string, model: string): VerificationJob | undefined;
  onChange(listener: (job: VerificationJob) => void): Subscription;
}

interface Document {
  /** The document as last read. */
  readonly read: ConfigDocument;
  view: ConfigView | undefined;
  /** Timer of a text that is too long to be read with each edit. */
  readonly waiting: NodeJS.Timeout | undefined;
}

/** Milliseconds without an edit after which a long text is read. */
const pause = 500;

export class FindingsStore {
  readonly #runs: RunService;
  readonly #verifications: Verifications;
  readonly #documents = new Map<string, Document>();
  /** Runs whose model's text was edited since they were started. */
  readonly #touched = new Set<string>();
  /** Runs of models that name a file which changed since they were started. */
  readonly #overtaken = new Set<string>();
  /** Verifications whose files changed since they were started. */
  readonly #overtakenJobs = new Set<number>();
  /** Each model of an open config as it was last without errors. */
  readonly #sound = new Map<string, ResolvedModel>();
  /** Files of programs. */
  readonly programs: ProgramTexts;
  readonly #changed = new Emitter<StoreChange>();
  readonly #subscriptions: DisposableStore;

  readonly onChange = this.#changed.on.bind(this.#changed);

  constructor(runs: RunService, verifications: Verifications) {
    this.#runs = runs;
    this.programs = new ProgramTexts(runs);
    this.#verifications = verifications;
    this.#subscriptions = new DisposableStore(
      verifications.onChange((job) => this.#moved(job, job.outcome === null && job.done > 0 ? "progress" : "state")),
      runs.onChange((run) => this.#ran(run, "state")),
      runs.onDiagnosis((run) => this.#ran(run, "progress")),
      runs.onRemove((run) => {
        this.#touched.delete(run.runId);
        this.#overtaken.delete(run.runId);
        this.#ran(run, "state");
      }),
    );
  }

  get uris(): readonly string[] {
    return [...this.#documents.keys(), ...this.programs.uris];
  }

  /** Whether a long text waits to be read. */
  get pending(): boolean {
    return [...this.#documents.values()].some(({ waiting }) => waiting !== undefined);
  }

  open(uri: string, text: string): void {
    if (isConfigPath(uri)) this.#take(uri, text);
    else this.programs.open(uri, text);
    this.#changed.fire({ uri, cause: "text" });
  }

  change(uri: string, text: string, changes: readonly TextChange[]): void {
    const before = this.#documents.get(uri);
    if (!isConfigPath(uri)) {
      this.programs.change(uri, text, changes);
      if (this.programs.view(uri)) this.#changed.fire({ uri, cause: "text" });
      return;
    }
    if (!before) {
      this.open(uri, text);
      return;
    }
    for (const run of this.#runsOf(uri)) {
      if (text === run.configText) this.#touched.delete(run.runId);
      // In a text that was not read, the places of the models are not known.
      else if (run.model && (!before.read.isRead || before.read.touches(changes, run.model)))
        this.#touched.add(run.runId);
    }
    this.#take(uri, text, changes);
    this.#changed.fire({ uri, cause: "text" });
  }

  /** From a save on, the model's meaning decides, not the mere fact that it was edited. */
  save(uri: string): void {
    if (!this.#documents.has(uri)) return;
    this.#settle(uri);
    this.#changed.fire({ uri, cause: "text" });
  }

  /**
   * Reports that a file changed on disk: measurements made with it no longer describe it.
   * @param file absolute path
   * @returns the configs with such measurements
   */
  fileChanged(file: string): readonly string[] {
    const runs = this.#runs.runs.filter((run) => namedFilesOf(run).includes(file));
    for (const run of runs) {
      this.#overtaken.add(run.runId);
      const job = this.#verifications.of(run.uri, run.name);
      if (job) this.#overtakenJobs.add(job.id);
    }
    const uris = [...new Set(runs.map((run) => run.uri))];
    for (const uri of uris) this.#moved({ uri }, "state");
    return uris;
  }

  /** Whether a file that a run reads changed since the run was started. */
  isOvertaken(run: Run): boolean {
    return this.#overtaken.has(run.runId);
  }

  close(uri: string): void {
    clearTimeout(this.#documents.get(uri)?.waiting);
    this.#documents.delete(uri);
    this.programs.close(uri);
    for (const key of this.#sound.keys()) if (key.startsWith(modelPlace(uri, ""))) this.#sound.delete(key);
    this.#changed.fire({ uri, cause: "text" });
  }

  /** Undefined for a document that is not open. */
  view(uri: string): ConfigView | undefined {
    const document = this.#documents.get(uri);
    if (!document) return this.programs.view(uri);
    document.view ??= this.#build(uri, document);
    return document.view;
  }

  /** A run's findings with their places in the present text; the places are null if the config is not open. */
  findingsOf(run: Run): readonly { finding: Finding; range: Range | null; stale: boolean }[] {
    if (run.program)
      return run.findings.map((finding) => {
        const found = this.programs.placeOf(run, finding.layer);
        return { finding, range: found?.range ?? null, stale: found?.stale ?? false };
      });
    const document = this.#documents.get(run.uri);
    const stale = document !== undefined && this.#isStale(document.read, run);
    return run.findings.map((finding) => ({
      finding,
      range: document?.read.place(finding.place) ?? null,
      stale,
    }));
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const { waiting } of this.#documents.values()) clearTimeout(waiting);
    this.#changed.dispose();
  }

  /** Reads a text: at once, or, if it is long, after a pause without edits. */
  #take(uri: string, text: string, changes: readonly TextChange[] = []): void {
    const before = this.#documents.get(uri);
    clearTimeout(before?.waiting);
    if (text.length <= promptLength) {
      this.#documents.set(uri, { read: ConfigDocument.read(text), view: undefined, waiting: undefined });
      return;
    }
    const waiting = setTimeout(() => {
      this.#settle(uri);
      this.#changed.fire({ uri, cause: "text" });
    }, pause);
    this.#documents.set(uri, { read: ConfigDocument.unread(text, before?.read, changes), view: undefined, waiting });
  }

  /** Reads a waiting text, and compares what its models mean with what was run. */
  #settle(uri: string): void {
    const document = this.#documents.get(uri);
    if (!document) return;
    clearTimeout(document.waiting);
    const read = document.read.isRead ? document.read : ConfigDocument.read(document.read.text);
    for (const run of this.#runsOf(uri)) if (isSame(read, run)) this.#touched.delete(run.runId);
    this.#documents.set(uri, { read, view: undefined, waiting: undefined });
  }

  #moved({ uri }: Pick<Run, "uri">, cause: StoreChange["cause"]): void {
    const document = this.#documents.get(uri);
    if (!document) return;
    document.view = undefined;
    this.#changed.fire({ uri, cause });
  }

  #ran(run: Run, cause: StoreChange["cause"]): void {
    if (run.program) for (const uri of this.programs.touched(run)) this.#changed.fire({ uri, cause });
    else this.#moved(run, cause);
  }

  #runsOf(uri: string): readonly Run[] {
    return this.#runs.runs.filter((run) => run.uri === uri);
  }

  #isStale(document: ConfigDocument, run: Run): boolean {
    const now = document.model(run.name);
    if (this.#overtaken.has(run.runId)) return true;
    return this.#touched.has(run.runId) || (now !== undefined && modelKey(now) !== modelKey(run.model));
  }

  #build(uri: string, { read }: Document): ConfigView {
    const runs = this.#runsOf(uri);
    const ofModel = new Map<string, Run[]>();
    for (const run of runs) ofModel.set(run.name, [...(ofModel.get(run.name) ?? []), run]);
    return {
      uri,
      text: read.text,
      problems: read.problems.map((problem) => ({ problem, range: read.problemPlace(problem) })),
      models: read.modelNames.map((name) => this.#buildModel(uri, read, name, ofModel.get(name) ?? [])),
    };
  }

  #buildModel(uri: string, document: ConfigDocument, name: string, runs: readonly Run[]): ModelView {
    const shown = runs.findLast(saysSomething);
    const stale = shown !== undefined && this.#isStale(document, shown);
    const findings = (shown?.findings ?? []).flatMap((finding) => {
      const range = document.place(finding.place);
      return range ? [{ finding, range, stale }] : [];
    });
    const model = document.model(name);
    const sound = model ?? this.#sound.get(modelPlace(uri, name));
    if (model) this.#sound.set(modelPlace(uri, name), model);
    const going = runs.filter(({ state }) => state !== "ended");
    const verification = this.#verifications.of(uri, name);
    const verified = verification && !this.#overtakenJobs.has(verification.id) ? verification : undefined;
    const refused = !stale && shown?.end?.kind === "refused" ? shown.end.problems : [];
    const remarks = stale ? [] : (shown?.history?.info.dataWarnings ?? []);
    const placed = (problem: Problem) => ({ problem: told(problem), range: document.problemPlace(problem) });
    return {
      name,
      range: document.rangeOf(["models", name], "key"),
      refused: refused.map(placed),
      remarks: remarks.map(placed),
      requirement: document.requirementPlace(name),
      data: model && document.rangeOf(model.dataPath, "key"),
      model,
      isRead: document.isRead,
      verification: verified && model && verified.key === modelKey(model) ? verified : undefined,
      going: going.at(-1),
      goingByKind: {
        probe: going.findLast(({ kind }) => kind === "probe"),
        train: going.findLast(({ kind }) => kind === "train"),
      },
      lensLayers: lensLayers(sound, runs.filter(hasSettled), (path) => document.place(path)),
      shown,
      stale,
      findings,
      layers: layerViews(document, shown, findings, stale),
    };
  }
}

function modelPlace(uri: string, name: string): string {
  return `${uri}\n${name}`;
}
