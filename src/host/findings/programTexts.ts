/**
 * The open files of programs, as the renderers show them: the newest run of each program with its findings on the lines
 * that made the layers. Only files that some run names have a view.
 */

import { fileURLToPath } from "node:url";
import type { Range } from "../../config/source.ts";
import type { ProgramPlace } from "../../tensorboard/description.ts";
import { saysSomething } from "../runs/oldestRuns.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import type { TextChange } from "./configDocument.ts";
import type { ConfigView, FindingView, LayerView, ModelView } from "./configView.ts";
import { ProgramText } from "./programText.ts";

interface Open {
  /** Null for a cell of a notebook. */
  readonly file: string | null;
  /** What Python called the cell when it ran it: the names by which runs know it. */
  readonly names: Set<string>;
  readonly text: ProgramText;
  view: ConfigView | null | undefined;
}

export class ProgramTexts {
  readonly #runs: RunService;
  readonly #open = new Map<string, Open>();

  constructor(runs: RunService) {
    this.#runs = runs;
  }

  /** Those with something to show. */
  get uris(): readonly string[] {
    return [...this.#open.keys()].filter((uri) => this.view(uri));
  }

  open(uri: string, text: string): void {
    const file = fileOf(uri);
    if (file !== null || uri.startsWith(`${cellScheme}:`))
      this.#open.set(uri, { file, names: new Set(), text: new ProgramText(text), view: undefined });
  }

  change(uri: string, text: string, changes: readonly TextChange[]): void {
    const open = this.#open.get(uri);
    if (!open) return;
    open.text.change(text, changes);
    open.view = undefined;
  }

  close(uri: string): void {
    this.#open.delete(uri);
  }

  /** Undefined for a file that is not open, or that no run names. */
  view(uri: string): ConfigView | undefined {
    const open = this.#open.get(uri);
    if (!open) return undefined;
    if (open.view === undefined) open.view = this.#build(uri, open);
    return open.view ?? undefined;
  }

  /** The open files that a run names; their views are made anew. */
  touched(run: Run): readonly string[] {
    return [...this.#open].flatMap(([uri, open]) => {
      if (!placesOf(run).some((place) => isIn(open, place))) return [];
      open.view = undefined;
      return [uri];
    });
  }

  /** Where a finding of a program's run belongs: a place of the program, and the range in its text if it is open. */
  placeOf(
    run: Run,
    layer: string | null,
  ): { place: ProgramPlace; uri: string | null; range: Range | null; stale: boolean } | null {
    const index = run.history?.info.layers.findIndex(({ name }) => name === layer) ?? -1;
    const place = run.program?.layers[index] ?? run.program?.begun ?? null;
    if (!place) return null;
    const [uri, open] = [...this.#open].find(([, one]) => isIn(one, place)) ?? [null];
    return { place, uri, range: null, stale: false, ...open?.text.place(place) };
  }

  #build(uri: string, open: Open): ConfigView | null {
    const { text } = open;
    const newest = new Map<string, Run[]>();
    for (const run of this.#runs.runs) {
      if (!placesOf(run).some((place) => isIn(open, place))) continue;
      const key = `${run.uri}\n${run.name}`;
      newest.set(key, [...(newest.get(key) ?? []), run]);
    }
    const models = [...newest.values()].flatMap((runs) => modelView(runs, open) ?? []);
    return models.length === 0 ? null : { uri, text: text.text, problems: [], models };
  }
}

function modelView(runs: readonly Run[], open: Open): ModelView | null {
  const { text } = open;
  const shown = runs.findLast(saysSomething);
  if (!shown?.program) return null;
  const { begun, layers: places } = shown.program;
  const here = begun && isIn(open, begun) ? text.place(begun) : null;
  const layers = (shown.history?.info.layers ?? []).flatMap((info, index): LayerView[] => {
    const place = places[index];
    if (!place || !isIn(open, place)) return [];
    const found = text.place(place);
    const findings = shown.findings
      .filter(({ layer }) => layer === info.name)
      .map((finding): FindingView => ({ finding, ...found }));
    return [{ index, info, ...found, findings }];
  });
  const general = here
    ? shown.findings
        .filter(({ layer }) => layer === null || !places[indexOf(shown, layer)])
        .map((finding): FindingView => ({ finding, ...here }))
    : [];
  const going = runs.findLast(({ state }) => state !== "ended");
  return {
    name: shown.name,
    range: here?.range ?? layers[0]?.range ?? { offset: 0, length: 0 },
    program: { begun: here?.range ?? null },
    model: undefined,
    isRead: true,
    going,
    goingByKind: { probe: undefined, train: going },
    shown,
    stale: layers.some(({ stale }) => stale),
    findings: [...layers.flatMap(({ findings }) => findings), ...general],
    layers,
    lensLayers: [],
    refused: [],
    remarks: [],
    requirement: undefined,
    data: undefined,
    verification: undefined,
  };
}

function indexOf(run: Run, layer: string): number {
  return run.history?.info.layers.findIndex(({ name }) => name === layer) ?? -1;
}

function placesOf({ program }: Run): readonly ProgramPlace[] {
  return program ? [program.begun, ...program.layers].filter((place) => place !== null) : [];
}

/** Scheme of the documents that are cells of notebooks. */
export const cellScheme = "vscode-notebook-cell";

/** Whether a place is in an open text. A cell has no file: its source identifies it, and edits do not change that. */
function isIn({ file, names, text }: Open, place: ProgramPlace): boolean {
  if (file !== null) return place.file === file;
  const source = place.cell;
  if (typeof source === "string" && withoutEnd(source) === withoutEnd(text.text)) names.add(place.file);
  return names.has(place.file);
}

function withoutEnd(source: string): string {
  return source.replaceAll("\r\n", "\n").trimEnd();
}

/** Null for what is no file. */
function fileOf(uri: string): string | null {
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}
