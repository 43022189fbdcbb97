/**
 * The machine-readable report: one JSON object, in pieces, because a training run's figures may exceed the longest
 * possible string. Norms are converted from logarithms here; a number outside float64's range is clamped, so 0 means
 * exactly zero.
 */

import type { JsonPath } from "../config/resolved.ts";
import { provisional } from "../diagnosis/provisional.ts";
import type { Finding, Fix } from "../protocol/finding.ts";
import type { Channel, Frame } from "../protocol/frame.ts";
import type { RunHistory } from "../protocol/history.ts";
import type { MeasuredNeed } from "../protocol/need.ts";
import { type Quantity, testQuantities } from "../protocol/quantities.ts";
import { columnIndex, type LayerInfo, type RunInfo, type StateName } from "../protocol/run.ts";
import type { Measured } from "./measured.ts";
import type { TextPlace } from "./textPlace.ts";

export const jsonVersion = 1;

export interface JsonReport {
  /** Path of the config; null if the command line was not understood. */
  readonly config: string | null;
  readonly results: readonly Measured[];
  /** Maps a finding's place into the text; not called without results. */
  readonly placeOf: PlaceOf;
  readonly errors: readonly PlacedError[];
}

/** Maps a value of the config to its place in the text. */
export type PlaceOf = (path: JsonPath) => TextPlace;

/** A reason why a model cannot run. */
export interface PlacedError {
  /** The message with its place: `gradlens.json:3:15: …`. */
  readonly message: string;
  /** Null if it does not concern the text of the config. */
  readonly place: TextPlace | null;
  readonly fixes: readonly Fix[];
}

/** Wraps an error that has no place in the config. */
export function unplaced(message: string): PlacedError {
  return { message, place: null, fixes: [] };
}

/** The report of a command that ran nothing. */
export function* refusedPieces(config: string | null, errors: readonly PlacedError[]): Generator<string> {
  yield `${objectHead(config, null)}}${errorsText(errors)}}\n`;
}

/** Yields the text of the object, piece by piece. */
export function* jsonPieces({ config, results, placeOf, errors }: JsonReport): Generator<string> {
  const backend = results.find((r) => r.history)?.history?.info.backend.name ?? null;
  yield objectHead(config, backend);
  let first = true;
  for (const measured of results) {
    if (!measured.history) continue;
    yield `${first ? "" : ","}\n${text(measured.model.name)}:`;
    yield* modelPieces({ ...measured, history: measured.history }, placeOf);
    first = false;
  }
  yield `}${errorsText(errors)}}\n`;
}

/** The messages alone and, for errors with a place in the config, each with its place and the titles of its fixes. */
function errorsText(errors: readonly PlacedError[]): string {
  if (errors.length === 0) return "";
  const messages = `,"errors":${text(errors.map(({ message }) => message))}`;
  const problems = errors.flatMap(({ message, place, fixes }) =>
    place ? [{ message, ...place, fixes: fixes.map(({ title }) => title) }] : [],
  );
  return problems.length === 0 ? messages : `${messages},"problems":${text(problems)}`;
}

function* modelPieces(measured: Measured & { readonly history: RunHistory }, placeOf: PlaceOf): Generator<string> {
  const { info } = measured.history;
  yield modelHead(info);
  const rows = new Rows(info);
  let first = true;
  for (const frame of measured.frames) {
    for (let row = 0; row < frame.steps.length; row++) {
      yield `${first ? "" : ","}\n${stepText(rows, frame, row)}`;
      first = false;
    }
  }
  const { history, findings } = measured;
  yield modelTail(findings, { open: provisional(history, findings), need: history.need, placeOf });
}

function modelHead(info: RunInfo): string {
  return `{"baselineLoss":${number(info.baselineLoss)},"requiredLag":${number(info.requiredLag)},"requiredLagSource":${text(info.requiredLagSource)},"data":${text(info.data)},"steps":[`;
}

interface Tail {
  /** Why the verdict is provisional; null if it stands. */
  readonly open: string | null;
  /** Null if it was not measured. */
  readonly need: MeasuredNeed | null;
  readonly placeOf: PlaceOf;
}

function modelTail(findings: readonly Finding[], { open, need, placeOf }: Tail): string {
  const plain = findings.map((finding) => plainFinding(finding, placeOf));
  return `],${need ? `"need":${text(need)},` : ""}"provisional":${text(open)},"findings":${text(plain)}}`;
}

/** Produces the same object for one model, step by step during the run. */
export class JsonRun {
  readonly head: string;
  readonly #placeOf: PlaceOf;
  readonly #rows: Rows;
  #first = true;

  constructor(info: RunInfo, placeOf: PlaceOf) {
    this.#placeOf = placeOf;
    this.#rows = new Rows(info);
    this.head = `${objectHead(info.config, info.backend.name)}\n${text(info.model)}:${modelHead(info)}`;
  }

  /** @param frame frame of one step */
  step(frame: Frame): string {
    const piece = `${this.#first ? "" : ","}\n${stepText(this.#rows, frame, 0)}`;
    this.#first = false;
    return piece;
  }

  tail(findings: readonly Finding[], need: MeasuredNeed | null): string {
    return `${modelTail(findings, { open: null, need, placeOf: this.#placeOf })}}}\n`;
  }
}

function objectHead(config: string | null, backend: string | null): string {
  return `{"version":${jsonVersion},"config":${text(config)},"backend":${text(backend)},"models":{`;
}

/** Reads a frame's rows by quantity. */
class Rows {
  readonly info: RunInfo;
  readonly #index = new Map<string, number>();

  constructor(info: RunInfo) {
    this.info = info;
  }

  value(
    frame: Frame,
    row: number,
    quantity: Quantity,
    layer: number | null = null,
    name: string | null = null,
  ): number | null {
    const key = `${quantity}|${layer}|${name}`;
    let column = this.#index.get(key);
    if (column === undefined) {
      column = columnIndex(this.info.columns, quantity, layer, name);
      this.#index.set(key, column);
    }
    return column < 0 ? null : (frame.rows[row * this.info.columns.length + column] ?? null);
  }
}

function stepText(rows: Rows, frame: Frame, row: number): string {
  const layers = rows.info.layers.map((layer, i) => `${text(layer.name)}:${layerText(rows, frame, row, layer, i)}`);
  const step = number(frame.steps[row] ?? null);
  return `{"step":${step},"loss":${number(rows.value(frame, row, "loss"))},"learningRate":${number(rows.value(frame, row, "learningRate"))},${testText(rows, frame, row)}${metricsText(rows, frame, row)}"layers":{${layers.join(",")}}}`;
}

/** The test figures, only for steps at which the model was tested or its curvature measured. */
function testText(rows: Rows, frame: Frame, row: number): string {
  const tested = (["stableRate", ...testQuantities] as const).map(
    (quantity) => [quantity, rows.value(frame, row, quantity)] as const,
  );
  return tested
    .map(([quantity, value]) => (value === null || Number.isNaN(value) ? "" : `"${quantity}":${number(value)},`))
    .join("");
}

/** The metrics that the config asks for: of the batch and, if the model was tested, of the test. */
function metricsText(rows: Rows, frame: Frame, row: number): string {
  const of = (quantity: "metric" | "testMetric"): string => {
    const known = rows.info.columns.flatMap(({ quantity: q, name }) => {
      const value = q === quantity ? rows.value(frame, row, quantity, null, name) : null;
      return value === null || (quantity === "testMetric" && Number.isNaN(value))
        ? []
        : [`${text(name)}:${number(value)}`];
    });
    return known.length === 0 ? "" : `"${quantity}s":{${known.join(",")}},`;
  };
  return of("metric") + of("testMetric");
}

function layerText(rows: Rows, frame: Frame, row: number, layer: LayerInfo, i: number): string {
  const weights = layer.weights.map((name) => {
    const of = (quantity: Quantity) => number(rows.value(frame, row, quantity, i, name));
    return (
      `${text(name)}:{"norm":${of("weightNorm")},"gradientNorm":${of("weightGradientNorm")},` +
      `"clippedGradientNorm":${of("weightClippedGradientNorm")},"updateRatio":${of("weightUpdateRatio")},"nonFinite":${of("weightNonFinite")}}`
    );
  });
  const plain = `"weights":{${weights.join(",")}},"outputGradientNorm":${number(rows.value(frame, row, "outputGradientNorm", i))}`;
  const { recurrent } = layer;
  if (!recurrent) return `{${plain}}`;
  const states = recurrent.states.map((state) => `${text(state)}:${stateText(frame, i, state)}`);
  const gates = recurrent.gates.map(
    (gate) =>
      `${text(gate)}:{"low":${list(frame, i, `gate.${gate}.low`)},"high":${list(frame, i, `gate.${gate}.high`)}}`,
  );
  return `{${plain},"states":{${states.join(",")}},"gates":{${gates.join(",")}}}`;
}

function stateText(frame: Frame, layer: number, state: StateName): string {
  return (
    `{"gradientNorm":${list(frame, layer, `${state}.logNorm`, fromLog)},"gain":${list(frame, layer, `${state}.gain`)},` +
    `"contribution":${list(frame, layer, "logContribution", fromLog)},"nonFinite":${list(frame, layer, `${state}.nonFinite`)}}`
  );
}

/** A profile's values; empty if it was not measured. */
function list(frame: Frame, layer: number, channel: Channel, convert: (v: number) => number = (v) => v): string {
  const profile = frame.profiles.find((p) => p.layer === layer && p.channel === channel);
  if (!profile) return "[]";
  return `[${Array.from(profile.values, (v) => number(convert(v))).join(",")}]`;
}

/** 10^x, such that only −Infinity gives 0 and only Infinity gives Infinity. */
export function fromLog(log: number): number {
  if (!Number.isFinite(log)) return log === Number.NEGATIVE_INFINITY ? 0 : log;
  return Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, 10 ** log));
}

function plainFinding(finding: Finding, placeOf: PlaceOf): object {
  const { code, severity, layer, place, timesteps, evidence, message, fixes } = finding;
  const titles = fixes.map((f) => f.title);
  return { code, severity, layer, ...placeOf(place), timesteps, evidence, message, fixes: titles };
}

function number(value: number | null): string {
  if (value === null) return "null";
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/** JSON with non-finite numbers as the strings of their names. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) => (typeof v === "number" && !Number.isFinite(v) ? String(v) : v));
}
