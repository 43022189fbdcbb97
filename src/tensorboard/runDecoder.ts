/** Turns the events of one process into steps: a row of scalars and the profiles. */

import { type Channel, channelSchema, type Profile } from "../protocol/frame.ts";
import type { RunInfo } from "../protocol/run.ts";
import { mostTimesteps } from "./description.ts";
import type { EventMessage, EventValue } from "./eventMessage.ts";
import { readJson } from "./plainJson.ts";
import type { RankStep } from "./ranks.ts";
import { RowCollector } from "./rowCollector.ts";
import { pluginName } from "./summary.ts";
import { parseProfileTag } from "./tags.ts";

export class RunDecoder {
  readonly #info: RunInfo;
  readonly #columns: ReadonlyMap<string, number>;
  readonly #rows: RowCollector;

  /**
   * @param columnTags the tags of the info's first columns; the others are computed.
   * @param window number of rows that wait for values of earlier steps.
   */
  constructor(info: RunInfo, columnTags: readonly string[], window: number) {
    this.#info = info;
    this.#columns = new Map(columnTags.map((tag, i) => [tag, i]));
    this.#rows = new RowCollector(info.columns.length, window);
  }

  /** Values that came too late to be put in order. */
  get late(): number {
    return this.#rows.late;
  }

  push(event: EventMessage): void {
    for (const value of event.values) {
      const profile = profileOf(value, this.#info);
      if (profile) this.#rows.add(event.step, profile);
      else this.#scalar(event.step, value);
    }
  }

  /** The steps that are complete since the last call, in ascending order. */
  take(): readonly RankStep[] {
    return this.#rows.take();
  }

  /** The steps that are left when there are no more events. */
  finish(): readonly RankStep[] {
    this.#rows.finish();
    return this.#rows.take();
  }

  #scalar(step: number, value: EventValue): void {
    const column = this.#columns.get(value.tag);
    const scalar = scalarOf(value);
    if (column !== undefined && scalar !== null) this.#rows.set(step, column, scalar);
  }
}

/** The number of a plain scalar, in either form that TensorBoard accepts; null: something else. */
export function scalarOf({ plugin, content }: EventValue): number | null {
  if (plugin === pluginName) return null;
  if (content.kind === "scalar") return content.scalar;
  const scalar = content.kind === "numbers" && content.shape.length === 0 ? content.numbers[0] : undefined;
  return scalar !== undefined && (plugin === "scalars" || plugin === "") ? scalar : null;
}

/** Most characters of one of our own texts: the longest that we write, with twenty thousand columns, has a third of it. */
const longestText = 2 ** 23;

/** The content of one of our own texts; undefined: it is none, or is too long. */
export function jsonOf(value: EventValue): unknown {
  const text = ownText(value);
  return text === undefined || isTooLong(value) ? undefined : readJson(text);
}

/** Whether it is one of our own texts, and longer than we read. */
export function isTooLong(value: EventValue): boolean {
  return (ownText(value)?.length ?? 0) > longestText;
}

function ownText({ plugin, content }: EventValue): string | undefined {
  return content.kind === "texts" && plugin === pluginName ? content.texts[0] : undefined;
}

/** Null: not a profile, or not one that fits the described layers. */
function profileOf({ tag, plugin, content }: EventValue, info: RunInfo): Profile | null {
  if (plugin !== pluginName || content.kind !== "numbers") return null;
  const named = parseProfileTag(tag);
  const recurrent = named && info.layers[named.layer]?.recurrent;
  const channel = named && channelOf(named.channel);
  const [rows, timesteps] = content.shape.length === 2 ? content.shape : [1, content.shape[0]];
  if (!named || !recurrent || !channel || timesteps !== recurrent.timesteps || timesteps > mostTimesteps) return null;
  if (rows !== 1 && rows !== 2) return null;
  const values = content.numbers.slice(0, timesteps);
  return { layer: named.layer, channel, values, max: rows === 2 ? content.numbers.slice(timesteps) : values };
}

function channelOf(text: string): Channel | null {
  const parsed = channelSchema.safeParse(text);
  return parsed.success ? parsed.data : null;
}
