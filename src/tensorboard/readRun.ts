/**
 * Reads the event files of one run. They are streamed, at most twice: a file whose columns are not declared must be
 * seen whole before its history can begin. Whatever is damaged is skipped and counted.
 */

import type { RunInfo } from "../protocol/run.ts";
import { type Description, descriptionSchema, infoOf, type LayerSource } from "./description.ts";
import { type EventMessage, type EventValue, parseEvent } from "./eventMessage.ts";
import { foreignColumns, foreignInfo, mostTags } from "./foreignRun.ts";
import { RecordReader } from "./record.ts";
import { jsonOf, RunDecoder, scalarOf } from "./runDecoder.ts";
import {
  configSchema,
  endOf,
  findingsSchema,
  labelSchema,
  noLabel,
  type StoredRun,
  storedVerificationSchema,
} from "./storedRun.ts";
import { type TextTag, tags } from "./tags.ts";

/** One event file. `open` is called once or twice. */
export interface EventFile {
  readonly name: string;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** Rows that wait for values of earlier steps, if several files or another program wrote them: at most 2²⁰ numbers. */
const waitingNumbers = 2 ** 20;
const mostWaitingRows = 50_000;

/**
 * The run that the files describe together; null if no file holds any event with a value.
 *
 * @param model what stands for the model's name if the files do not say it.
 */
export async function readRun(files: readonly EventFile[], runId: string, model: string): Promise<StoredRun | null> {
  const scans = await Promise.all(files.map(scan));
  const described = scans
    .filter((s): s is Scan & { description: Description } => s.description !== null)
    .sort((a, b) => rankOf(a.description) - rankOf(b.description));
  const main = described[0];
  const { info, columnTags } = main ? ownColumns(main, runId) : otherColumns(scans, runId, model);
  const engine = main !== undefined && main.undeclared.length === 0;
  const window = engine ? 1 : Math.min(mostWaitingRows, Math.floor(waitingNumbers / Math.max(1, info.columns.length)));
  const decoder = new RunDecoder(info, columnTags, window);
  const texts = new Texts();
  const figures = { damaged: 0, torn: false, first: Number.POSITIVE_INFINITY, last: 0, values: 0 };
  for (const file of main ? [main.file, ...files.filter((f) => f !== main.file)] : files) {
    const measures = !main || file === main.file;
    const reader = await eachEvent(file, (event) => {
      if (event.values.length > 0) figures.first = Math.min(figures.first, event.wallTime);
      if (measures) figures.last = Math.max(figures.last, event.wallTime);
      figures.values += event.values.length;
      texts.push(event);
      if (measures) decoder.push(event);
      return "on";
    });
    figures.damaged += reader.damaged;
    figures.torn ||= reader.pending > 0;
  }
  if (figures.values === 0) return null;
  return {
    history: decoder.finish(),
    writer: main?.description.writer ?? null,
    started: main?.description.started ?? figures.first,
    last: figures.last,
    ...texts.parsed(),
    sources: (main?.description.layers ?? []).map(({ source }): LayerSource | null => source ?? null),
    ranks: described.map(({ description }) => rankOf(description)),
    damaged: figures.damaged + decoder.late,
    torn: figures.torn,
  };
}

interface Scan {
  readonly file: EventFile;
  readonly description: Description | null;
  /** Tags of scalars that the description does not declare. */
  readonly undeclared: readonly string[];
}

/** Looks for the description and, unless it is our engine's, which names all columns, for further tags. */
async function scan(file: EventFile): Promise<Scan> {
  let description: Description | null = null;
  const found = new Set<string>();
  await eachEvent(file, (event) => {
    for (const value of event.values) {
      if (value.tag === tags.description) description ??= descriptionSchema.safeParse(jsonOf(value)).data ?? null;
      else if (found.size < mostTags && scalarOf(value) !== null) found.add(value.tag);
    }
    return description?.engine === undefined ? "on" : "enough";
  });
  const declared = new Set(columnsOf(description).map(({ tag }) => tag));
  return { file, description, undeclared: [...found].filter((tag) => !declared.has(tag)) };
}

function columnsOf(description: Description | null): Description["columns"] {
  return description?.columns ?? [];
}

function ownColumns({ description, undeclared }: Scan & { description: Description }, runId: string): Columns {
  const { info, tags: declared } = infoOf(description, runId);
  const more = undeclared.map((tag) => ({ quantity: "metric" as const, layer: null, name: tag }));
  return { info: { ...info, columns: [...info.columns, ...more] }, columnTags: [...declared, ...undeclared] };
}

interface Columns {
  readonly info: RunInfo;
  readonly columnTags: readonly string[];
}

function otherColumns(scans: readonly Scan[], runId: string, model: string): Columns {
  const all = [...new Set(scans.flatMap(({ undeclared }) => undeclared))].slice(0, mostTags);
  const info = foreignInfo(runId, model, all);
  return { info: { ...info, columns: foreignColumns(all) }, columnTags: all };
}

function rankOf({ rank }: Description): number {
  return rank ?? 0;
}

/** Calls `take` with every event, until it says that it has seen enough. */
async function eachEvent(file: EventFile, take: (event: EventMessage) => "on" | "enough"): Promise<RecordReader> {
  const reader = new RecordReader();
  for await (const piece of file.open())
    for (const record of reader.push(piece)) {
      const event = parseEvent(record);
      if (event && take(event) === "enough") return reader;
    }
  return reader;
}

/** Keeps the newest of each of our texts. */
class Texts {
  readonly #newest = new Map<string, { readonly wallTime: number; readonly value: EventValue }>();

  push(event: EventMessage): void {
    for (const value of event.values) {
      const known = this.#newest.get(value.tag);
      if (value.content.kind === "texts" && !(known && known.wallTime > event.wallTime))
        this.#newest.set(value.tag, { wallTime: event.wallTime, value });
    }
  }

  parsed(): Pick<StoredRun, "config" | "model" | "findings" | "verification" | "label" | "end"> {
    return {
      config: configSchema.safeParse(this.#of(tags.config)).data ?? null,
      model: this.#of(tags.model),
      findings: findingsSchema.safeParse(this.#of(tags.findings)).data ?? null,
      verification: storedVerificationSchema.safeParse(this.#of(tags.verification)).data ?? null,
      label: labelSchema.safeParse(this.#of(tags.label)).data ?? noLabel,
      end: endOf(this.#of(tags.end)),
    };
  }

  #of(tag: TextTag): unknown {
    const newest = this.#newest.get(tag);
    return newest && jsonOf(newest.value);
  }
}
