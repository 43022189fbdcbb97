/**
 * What is known of each open config: per model the run whose figures are shown, whether the text was edited since,
 * and where in the present text its findings belong. Code lens, squiggle, decoration, hover, quick fix, status bar,
 * tree and panel only render it, so they cannot disagree. Knows nothing of VS Code: texts come in, offsets go out.
 *
 * Stale: an edit inside the text a model is made of (its entry, the layers it inherits, its data and training) marks
 * what is known of it stale at once, whatever the edit means. A save, or undoing the edit, compares what the model
 * means with what was run, and takes the mark away where it is the same. So does a file on disk that the model was
 * measured with and that changed since; that mark stays.
 */

import { promptLength } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import { told } from "../../config/problems.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import type { Range } from "../../config/source.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { RunInfo } from "../../protocol/run.ts";
import { Emitter, type Subscription } from "../emitter.ts";
import { modelKey, type Run } from "../runs/run.ts";
import { type RunService, saysSomething } from "../runs/runService.ts";
import type { VerificationJob } from "../verify/verificationService.ts";
import { ConfigDocument, type TextChange } from "./configDocument.ts";
import { namedFiles } from "./namedFiles.ts";

export interface FindingView {
  readonly finding: Finding;
  readonly range: Range;
  readonly stale: boolean;
}

/** A layer of the shown run and where it is in the text. */
export interface LayerView {
  /** Index into the run's `info.layers`. */
  readonly index: number;
  readonly info: RunInfo["layers"][number];
  readonly range: Range;
  readonly findings: readonly FindingView[];
  /** Whether it has a lens: by the last run that ended, so that lenses keep their places while a run goes. */
  readonly flagged: boolean;
}

export interface ModelView {
  readonly name: string;
  /** Of its key. */
  readonly range: Range;
  /** What the text says now; undefined while it has errors. */
  readonly model: ResolvedModel | undefined;
  /** The newest run that waits or goes. */
  readonly going: Run | undefined;
  /** The newest run that measured something, or that ended without measuring anything. */
  readonly shown: Run | undefined;
  /** The text was edited since `shown` was asked for. */
  readonly stale: boolean;
  readonly findings: readonly FindingView[];
  readonly layers: readonly LayerView[];
  /** What the engine found wrong when `shown` was to run; empty once the text was edited. */
  readonly refused: readonly ProblemView[];
  /** What the engine found odd about the data of `shown`; empty once the text was edited. */
  readonly remarks: readonly ProblemView[];
  /** Where the config says how far the gradient has to reach, or the data that decides it. */
  readonly requirement: Range | undefined;
  /** The key of the section that says what it is trained on; undefined while the text has errors. */
  readonly data: Range | undefined;
  /** The last run that ended has findings, or was refused for problems, with fixes that could be verified: lenses keep their places while a run goes. */
  readonly fixable: boolean;
  /** Its newest run that measured something and has ended, where the config has another such run to compare it with. */
  readonly comparable: Run | undefined;
  /** The newest verification of what the text says now; undefined once it was edited. */
  readonly verification: VerificationJob | undefined;
}

export interface ProblemView {
  readonly problem: Problem;
  readonly range: Range;
}

/** A config's problems and models, in the order of the text. */
export interface ConfigView {
  readonly uri: string;
  readonly text: string;
  readonly problems: readonly ProblemView[];
  readonly models: readonly ModelView[];
}

export interface StoreChange {
  readonly uri: string;
  /** `text`: the config was opened, edited, saved or closed; `state`: a run began or ended; `progress`: one moved on. */
  readonly cause: "text" | "state" | "progress";
}

/** What the store needs to know of verifications. */
export interface Verifications {
  of(uri: string, model: string): VerificationJob | undefined;
  onChange(listener: (job: VerificationJob) => void): Subscription;
}

interface Document {
  /** As it was last read. */
  readonly read: ConfigDocument;
  view: ConfigView | undefined;
  /** Waits to be read: a text that is too long to be read with each edit. */
  readonly waiting: NodeJS.Timeout | undefined;
}

/** Milliseconds without an edit after which a long text is read. */
const pause = 500;

export class FindingsStore {
  readonly #runs: RunService;
  readonly #verifications: Verifications;
  readonly #documents = new Map<string, Document>();
  /** Runs whose model's text was edited since they were asked for. */
  readonly #touched = new Set<string>();
  /** Runs of models that name a file which changed since they were asked for. */
  readonly #overtaken = new Set<string>();
  /** The same of verifications. */
  readonly #overtakenJobs = new Set<number>();
  readonly #changed = new Emitter<StoreChange>();
  readonly #subscriptions: { dispose(): void }[];

  readonly onChange = this.#changed.on.bind(this.#changed);

  constructor(runs: RunService, verifications: Verifications) {
    this.#runs = runs;
    this.#verifications = verifications;
    this.#subscriptions = [
      verifications.onChange((job) => this.#moved(job, job.outcome === null && job.done > 0 ? "progress" : "state")),
      runs.onChange((run) => this.#moved(run, "state")),
      runs.onDiagnosis((run) => this.#moved(run, "progress")),
      runs.onRemove((run) => {
        this.#touched.delete(run.runId);
        this.#overtaken.delete(run.runId);
        this.#moved(run, "state");
      }),
    ];
  }

  get uris(): readonly string[] {
    return [...this.#documents.keys()];
  }

  /** Whether a long text waits to be read. */
  get pending(): boolean {
    return [...this.#documents.values()].some(({ waiting }) => waiting !== undefined);
  }

  open(uri: string, text: string): void {
    this.#take(uri, text);
    this.#changed.fire({ uri, cause: "text" });
  }

  change(uri: string, text: string, changes: readonly TextChange[]): void {
    const before = this.#documents.get(uri);
    if (!before) {
      this.open(uri, text);
      return;
    }
    for (const run of this.#runsOf(uri)) {
      if (text === run.configText) this.#touched.delete(run.runId);
      // Of a text that was not read it is not known where its models are.
      else if (!before.read.isRead || before.read.touches(changes, run.model)) this.#touched.add(run.runId);
    }
    this.#take(uri, text);
    this.#changed.fire({ uri, cause: "text" });
  }

  /** What the model means decides from here on, not that somebody typed in it. */
  save(uri: string): void {
    if (!this.#documents.has(uri)) return;
    this.#settle(uri);
    this.#changed.fire({ uri, cause: "text" });
  }

  /**
   * A file changed on disk: what was measured with it says nothing of it as it is now.
   * @param file absolute path
   * @returns the configs of which something was measured with it
   */
  fileChanged(file: string): readonly string[] {
    const runs = this.#runs.runs.filter((run) => namedFiles(run.model, run.configPath).includes(file));
    for (const run of runs) {
      this.#overtaken.add(run.runId);
      const job = this.#verifications.of(run.uri, run.model.name);
      if (job) this.#overtakenJobs.add(job.id);
    }
    const uris = [...new Set(runs.map((run) => run.uri))];
    for (const uri of uris) this.#moved({ uri }, "state");
    return uris;
  }

  /** Whether a file that a run was to read changed since it was asked for. */
  isOvertaken(run: Run): boolean {
    return this.#overtaken.has(run.runId);
  }

  close(uri: string): void {
    clearTimeout(this.#documents.get(uri)?.waiting);
    this.#documents.delete(uri);
    this.#changed.fire({ uri, cause: "text" });
  }

  /** Undefined for a document that is not open. */
  view(uri: string): ConfigView | undefined {
    const document = this.#documents.get(uri);
    if (!document) return undefined;
    document.view ??= this.#build(uri, document);
    return document.view;
  }

  /** A run's findings with their places in the present text; the places are null when the config is not open. */
  findingsOf(run: Run): readonly { finding: Finding; range: Range | null; stale: boolean }[] {
    const document = this.#documents.get(run.uri);
    const stale = document !== undefined && this.#isStale(document.read, run);
    return run.findings.map((finding) => ({
      finding,
      range: document?.read.place(finding.place) ?? null,
      stale,
    }));
  }

  dispose(): void {
    for (const s of this.#subscriptions) s.dispose();
    for (const { waiting } of this.#documents.values()) clearTimeout(waiting);
    this.#changed.dispose();
  }

  /** Reads a text, at once or, where it is long, when no edit has come for a while. */
  #take(uri: string, text: string): void {
    clearTimeout(this.#documents.get(uri)?.waiting);
    if (text.length <= promptLength) {
      this.#documents.set(uri, { read: ConfigDocument.read(text), view: undefined, waiting: undefined });
      return;
    }
    const waiting = setTimeout(() => {
      this.#settle(uri);
      this.#changed.fire({ uri, cause: "text" });
    }, pause);
    this.#documents.set(uri, { read: ConfigDocument.unread(text), view: undefined, waiting });
  }

  /** Reads what waits to be read, and compares what the models mean with what was run. */
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

  #runsOf(uri: string): readonly Run[] {
    return this.#runs.runs.filter((run) => run.uri === uri);
  }

  #isStale(document: ConfigDocument, run: Run): boolean {
    const now = document.model(run.model.name);
    if (this.#overtaken.has(run.runId)) return true;
    return this.#touched.has(run.runId) || (now !== undefined && modelKey(now) !== modelKey(run.model));
  }

  #build(uri: string, { read }: Document): ConfigView {
    const runs = this.#runsOf(uri);
    const ofModel = new Map<string, Run[]>();
    for (const run of runs) ofModel.set(run.model.name, [...(ofModel.get(run.model.name) ?? []), run]);
    const alone = runs.filter(hasSettled).length < 2;
    return {
      uri,
      text: read.text,
      problems: read.problems.map((problem) => ({ problem, range: read.problemPlace(problem) })),
      models: read.modelNames.map((name) => this.#buildModel(uri, read, name, ofModel.get(name) ?? [], alone)),
    };
  }

  #buildModel(uri: string, document: ConfigDocument, name: string, runs: readonly Run[], alone: boolean): ModelView {
    const shown = runs.findLast(saysSomething);
    const settled = runs.findLast(hasSettled);
    const stale = shown !== undefined && this.#isStale(document, shown);
    const findings = (shown?.findings ?? []).flatMap((finding) => {
      const range = document.place(finding.place);
      return range ? [{ finding, range, stale }] : [];
    });
    const model = document.model(name);
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
      fixable: [...(settled?.findings ?? []), ...refused].some(({ fixes = [] }) => fixes.length > 0),
      comparable: alone ? undefined : settled,
      verification: verified && model && verified.key === modelKey(model) ? verified : undefined,
      going: runs.findLast((run) => run.state !== "ended"),
      shown,
      stale,
      findings,
      layers: (shown?.history?.info.layers ?? []).flatMap((info, index) => {
        const range = document.place(info.path);
        if (!range) return [];
        return [
          {
            index,
            info,
            range,
            findings: findings.filter((f) => f.finding.layer === info.name),
            flagged: settled?.findings.some((f) => f.layer === info.name) ?? false,
          },
        ];
      }),
    };
  }
}

/** Whether a run measured something and will measure nothing more. */
function hasSettled(run: Run): boolean {
  return run.state === "ended" && (run.history?.lastStep ?? 0) > 0;
}

function isSame(document: ConfigDocument, run: Run): boolean {
  const now = document.model(run.model.name);
  return now !== undefined && modelKey(now) === modelKey(run.model);
}
