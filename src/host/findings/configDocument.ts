/**
 * The text of one config as last read: what it says, and where. Each query is a look-up, so its cost does not grow with
 * the text.
 */

import { maxModels } from "../../config/limits.ts";
import { type ParsedConfig, parseConfig } from "../../config/parse.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, ResolvedModel } from "../../config/resolved.ts";
import { nodeAt, properties, type Range } from "../../config/source.ts";
import { inlineWords } from "../../messages/inline.ts";

/** One change of a text: `length` characters at `offset` (of the text before) were replaced. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  /** Number of characters that replaced them. */
  readonly inserted: number;
}

export class ConfigDocument {
  readonly text: string;
  readonly #parsed: ParsedConfig | null;
  readonly #models: ReadonlyMap<string, ResolvedModel>;
  /**
   * Names in the order of the text. With errors in the config they are still known; otherwise they are those that were
   * understood.
   */
  readonly modelNames: readonly string[];
  readonly problems: readonly Problem[];
  /** Changes since `#parsed` was read, in their order; none if it is the present text. */
  readonly #since: readonly TextChange[];
  /** Whether the text was read as it is. */
  readonly isRead: boolean;

  private constructor(
    text: string,
    parsed: ParsedConfig | null,
    problems: readonly Problem[],
    since: readonly TextChange[] | null = null,
  ) {
    this.text = text;
    this.#parsed = parsed;
    this.#since = since ?? [];
    this.isRead = since === null;
    this.#models = new Map(since === null ? parsed?.config?.models.map((model) => [model.name, model]) : []);
    const names = properties(nodeAt(parsed?.source.root, ["models"])).map(({ key }) => key);
    this.modelNames = [...new Set(names)].slice(0, maxModels);
    this.problems = problems;
  }

  static read(text: string): ConfigDocument {
    const parsed = parseConfig(text);
    return new ConfigDocument(text, parsed, parsed.problems);
  }

  /**
   * A text that has not been read yet, with a message that says so. The places of its models are those of the text
   * before, moved along with the changes, as the editor moves its own decorations.
   */
  static unread(text: string, before?: ConfigDocument, changes: readonly TextChange[] = []): ConfigDocument {
    const message = inlineWords().readLater(text.length.toLocaleString("en"));
    const problem = { severity: "warning", message, path: [], on: "value" } as const;
    const since = before ? [...before.#since, ...changes] : changes;
    const place = { offset: 0, length: Math.min(1, text.length) };
    return new ConfigDocument(text, before ? before.#parsed : null, [{ ...problem, ...place }], since);
  }

  /** A resolved model; undefined while it has errors. */
  model(name: string): ResolvedModel | undefined {
    return this.#models.get(name);
  }

  rangeOf(path: JsonPath, on?: "value" | "key"): Range {
    const range = this.#parsed?.rangeOf(path, on) ?? { offset: 0, length: 1 };
    return within(this.#since.reduce(moved, range), this.text.length);
  }

  /** Null if the place is no longer in the text. */
  place(path: JsonPath): Range | null {
    // A finding may name an unwritten key (a default): its nearest ancestor stands for it, up to the layer or section
    // it belongs to.
    const section = path[2] === "layers" ? 4 : 3;
    const anchor = path.slice(0, Math.min(path.length, path[0] === "models" ? section : 1));
    return this.#isWritten(anchor) ? this.rangeOf(path, "value") : null;
  }

  problemPlace(problem: Problem): Range {
    if (problem.offset !== undefined) return { offset: problem.offset, length: problem.length ?? 1 };
    return this.rangeOf(problem.path, problem.on);
  }

  /** The place that states how far a model's gradient has to reach, or the data that decide it. */
  requirementPlace(name: string): Range | undefined {
    const data = this.model(name)?.dataPath;
    const places: JsonPath[] = [
      ["models", name, "diagnosis", "requiredLag"],
      ["diagnosis", "requiredLag"],
    ];
    const path = [...places, ...(data ? [[...data, "length"], data] : [])].find((p) => this.#isWritten(p));
    return path && this.rangeOf(path, "value");
  }

  /** Whether a change touches one of the ranges that define a model. */
  touches(changes: readonly TextChange[], model: ResolvedModel): boolean {
    const ranges = this.#extents(model);
    return changes.some((change) =>
      ranges.some((r) => change.offset < r.offset + r.length && change.offset + change.length > r.offset),
    );
  }

  #isWritten(path: JsonPath): boolean {
    return nodeAt(this.#parsed?.source.root, path) !== undefined;
  }

  #extents(model: ResolvedModel): readonly Range[] {
    const paths = [model.path, model.dataPath, model.trainingPath, ["diagnosis"], ...model.layers.map((l) => l.path)];
    return paths.flatMap((path) => {
      const node = nodeAt(this.#parsed?.source.root, path);
      return node ? [{ offset: node.offset, length: node.length }] : [];
    });
  }
}

/** Where a range is after a change: what was changed around its ends leaves it as it was as far as possible. */
function moved({ offset, length }: Range, change: TextChange): Range {
  const at = (place: number): number => {
    if (place <= change.offset) return place;
    return place < change.offset + change.length
      ? change.offset + Math.min(change.inserted, place - change.offset)
      : place + change.inserted - change.length;
  };
  return { offset: at(offset), length: Math.max(0, at(offset + length) - at(offset)) };
}

function within({ offset, length }: Range, end: number): Range {
  const start = Math.min(offset, end);
  return { offset: start, length: Math.min(length, end - start) };
}
