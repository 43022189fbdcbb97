/** How a model treats its inputs before the first layer that weights them. */

import { has } from "../../../config/layerCatalogue.ts";
import type { JsonValue, LayerEntry } from "../../../config/resolved.ts";
import type { Reading } from "../../../protocol/dataFacts.ts";

export interface InputReading extends Reading {
  /** Whether all-zero timesteps are masked before any layer uses them. */
  readonly masksZeros: boolean;
}

interface Way {
  readonly scale: number;
  readonly offset: number;
}

/**
 * @param entries in topological order, so that each entry follows those it takes its input from.
 * @param input name of the input; null: whatever no entry gives is an input.
 */
export function inputReading(entries: readonly LayerEntry[], input: string | null = null): InputReading {
  const names = new Set(entries.map(({ name }) => name));
  const inputs = input === null ? entries.flatMap((entry) => entry.inputs).filter((name) => !names.has(name)) : [input];
  const ways = new Map<string, Way>(inputs.map((name) => [name, { scale: 1, offset: 0 }]));
  const kinds = new Map<Reading["as"], Way>();
  let masksZeros = false;
  for (const { name, type, args, inputs } of entries) {
    const way = inputs.map((input) => ways.get(input)).find((found) => found !== undefined);
    if (!way) continue;
    const kind = type === "timeDistributed" ? innerType(args["layer"]) : type;
    if (kind === "masking" && numberOf(args["maskValue"], 0) === way.offset) masksZeros = true;
    if (kind === "embedding" && args["maskZero"] === true) masksZeros = true;
    if (kind === "rescaling") {
      const scale = numberOf(args["scale"], 1);
      ways.set(name, { scale: way.scale * scale, offset: way.offset * scale + numberOf(args["offset"], 0) });
    } else if (has("rearranges", { type: kind })) ways.set(name, way);
    else {
      const as = kind === "embedding" ? "indices" : has("normalizes", { type: kind }) ? "normalized" : "values";
      if (!kinds.has(as)) kinds.set(as, way);
    }
  }
  // If several layers take the inputs, one that weights the raw numbers decides.
  const as = (["values", "normalized", "indices"] as const).find((kind) => kinds.has(kind)) ?? "values";
  return { as, ...(kinds.get(as) ?? { scale: 1, offset: 0 }), masksZeros };
}

function innerType(layer: JsonValue | undefined): string {
  if (typeof layer !== "object" || layer === null || Array.isArray(layer)) return "";
  const type = Object.entries(layer).find(([key]) => key === "type")?.[1];
  return typeof type === "string" ? type : "";
}

function numberOf(value: JsonValue | undefined, usual: number): number {
  return typeof value === "number" ? value : usual;
}
