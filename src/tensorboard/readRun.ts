/**
 * Reads the event files of one run. They are streamed, at most twice: a file whose columns are not declared must be
 * seen whole before its history can begin. Whatever is damaged is skipped and counted.
 */

import { createHistory } from "../protocol/history/store.ts";
import type { RunHistory } from "../protocol/history.ts";
import type { RunInfo } from "../protocol/run.ts";
import { infoOf, type ProgramPlace } from "./description.ts";
import { foreignColumns, foreignInfo, mostTags } from "./foreignRun.ts";
import { mostSettings } from "./hparams.ts";
import { combineRanks, type RankStep } from "./ranks.ts";
import { RunDecoder } from "./runDecoder.ts";
import { type DescribedScan, isDescribed, type Scan, scan } from "./scan.ts";
import { StateFigures, withStateColumns } from "./stateColumns.ts";
import type { StoredRun } from "./storedRun.ts";
import { type EventFile, eventsOf } from "./streams.ts";
import { Texts } from "./texts.ts";

export type { EventFile } from "./streams.ts";

/** Rows that wait for values of earlier steps, if several files or another program wrote them: at most 2²⁰ numbers. */
const waitingNumbers = 2 ** 20;
const mostWaitingRows = 50_000;

/** What is seen while the files are read. */
interface Seen {
  readonly texts: Texts;
  readonly settings: Map<string, string>;
  damaged: number;
  torn: boolean;
  first: number;
  last: number;
  values: number;
}

/**
 * The run that the files describe together; null if no file holds any event with a value.
 *
 * @param model what stands for the model's name if the files do not say it.
 */
export async function readRun(files: readonly EventFile[], runId: string, model: string): Promise<StoredRun | null> {
  const scans = await Promise.all(files.map(scan));
  const described = scans.filter(isDescribed).sort((a, b) => a.rank - b.rank || a.firstStep - b.firstStep);
  const main = described[0];
  const { info, columnTags, squares } = main ? ownColumns(main, runId) : otherColumns(scans, runId, model);
  const whole = withStateColumns(info);
  const ordered = main !== undefined && main.undeclared.length === 0;
  const window = ordered ? 1 : Math.min(mostWaitingRows, Math.floor(waitingNumbers / Math.max(1, info.columns.length)));
  const seen: Seen = {
    texts: new Texts(),
    settings: new Map(),
    damaged: 0,
    torn: false,
    first: Number.POSITIVE_INFINITY,
    last: 0,
    values: 0,
  };
  const ranks = [...new Set(described.map(({ rank }) => rank))];
  const streams = main
    ? ranks.map((rank) => partsOf(described.filter((one) => one.rank === rank)))
    : [files.map((file) => ({ file, before: Number.POSITIVE_INFINITY }))];
  const steps = streams.map((parts) => stepsOf(parts, new RunDecoder(whole, columnTags, window), seen));
  const history = createHistory(whole);
  const figures = new StateFigures(whole, streams.length > 1 ? 0 : info.columns.length);
  for await (const parts of together(steps)) append(history, combineRanks(parts, whole.columns, squares), figures);
  const measured = new Set(streams.flat().map(({ file }) => file));
  for (const file of files) if (!measured.has(file)) await readTexts(file, seen);
  if (seen.values === 0) return null;
  const { need, ...texts } = seen.texts.parsed();
  if (need) history.setNeed(need);
  return {
    history,
    writer: main?.description.writer ?? null,
    started: main?.description.started ?? seen.first,
    last: seen.last,
    ...texts,
    settings: seen.settings,
    source: main?.description.source ?? null,
    pid: main?.description.pid ?? null,
    sources: (main?.description.layers ?? []).map(({ source }): ProgramPlace | null => source ?? null),
    ranks,
    damaged: seen.damaged,
    torn: seen.torn,
  };
}

interface Columns {
  readonly info: RunInfo;
  readonly columnTags: readonly string[];
  /** For each column, whether each process holds a part of it. */
  readonly squares: readonly boolean[];
}

function ownColumns({ description, undeclared }: DescribedScan, runId: string): Columns {
  const { info, tags: declared } = infoOf(description, runId);
  const more = undeclared.map((tag) => ({ quantity: "metric" as const, layer: null, name: tag }));
  return {
    info: { ...info, columns: [...info.columns, ...more] },
    columnTags: [...declared, ...undeclared],
    squares: description.columns.map(({ across }) => across === "squares"),
  };
}

function otherColumns(scans: readonly Scan[], runId: string, model: string): Columns {
  const all = [...new Set(scans.flatMap(({ undeclared }) => undeclared))].slice(0, mostTags);
  const info = foreignInfo(runId, model, all);
  return { info: { ...info, columns: foreignColumns(all) }, columnTags: all, squares: [] };
}

/** A file whose steps count if they come before `before`. */
interface Part {
  readonly file: EventFile;
  readonly before: number;
}

/** The files of one process in their order. A training that went on from a checkpoint repeats its last steps. */
function partsOf(scans: readonly DescribedScan[]): readonly Part[] {
  return scans.map(({ file }, i) => ({ file, before: scans[i + 1]?.firstStep ?? Number.POSITIVE_INFINITY }));
}

/** The steps of one process, in ascending order. */
async function* stepsOf(parts: readonly Part[], decoder: RunDecoder, seen: Seen): AsyncGenerator<RankStep> {
  for (const { file, before } of parts) {
    const events = eventsOf(file);
    for await (const event of events.all) {
      see(seen, event);
      seen.last = Math.max(seen.last, event.wallTime);
      if (event.step < before) decoder.push(event);
      yield* decoder.take();
    }
    seen.damaged += events.damaged;
    seen.torn ||= events.torn;
  }
  yield* decoder.finish();
  seen.damaged += decoder.late;
}

async function readTexts(file: EventFile, seen: Seen): Promise<void> {
  const events = eventsOf(file);
  for await (const event of events.all) see(seen, event);
  seen.damaged += events.damaged;
  seen.torn ||= events.torn;
}

function see(seen: Seen, event: Parameters<Texts["push"]>[0]): void {
  const { values } = event;
  if (values.length > 0) seen.first = Math.min(seen.first, event.wallTime);
  for (const { content } of values) {
    // Hyperparameters alone are no run.
    if (content.kind !== "settings") seen.values += 1;
    else if (seen.settings.size < mostSettings)
      for (const [name, value] of content.settings) seen.settings.set(name, value);
  }
  seen.texts.push(event);
}

/** The steps that all processes have. */
async function* together(streams: readonly AsyncGenerator<RankStep>[]): AsyncGenerator<readonly RankStep[]> {
  const next = async (stream: AsyncGenerator<RankStep>): Promise<RankStep | null> => {
    const { done, value } = await stream.next();
    return done ? null : value;
  };
  let heads = await Promise.all(streams.map(next));
  // Every stream is read to its end: its texts and its damages count.
  while (heads.some((head) => head !== null)) {
    const known = heads.filter((head) => head !== null);
    const step = Math.min(...known.map((head) => head.step));
    if (known.length === streams.length && known.every((head) => head.step === step)) yield known;
    heads = await Promise.all(
      heads.map((head, i) => {
        const stream = streams[i];
        return head?.step === step && stream ? next(stream) : head;
      }),
    );
  }
}

function append(history: RunHistory, { step, row, profiles }: RankStep, figures: StateFigures): void {
  for (const { column, value } of figures.of(profiles)) row[column] = value;
  history.append({
    runId: history.info.runId,
    seq: history.lastSeq + 1,
    steps: Float64Array.of(step),
    rows: row,
    profiles,
  });
}
