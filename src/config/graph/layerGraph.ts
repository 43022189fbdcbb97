/** The graph of a model's layers: the inputs of each layer, in an order in which every layer follows its inputs. */

import { configWords } from "../../messages/config.ts";
import { listWords } from "../../messages/lists.ts";
import { didYouMean, some } from "../didYouMean.ts";
import type { Problem } from "../problem.ts";
import { problemsFor } from "../problems.ts";
import type { JsonPath, LayerEntry } from "../resolved.ts";
import { shorten } from "../shorten.ts";
import { type Reference, referenceOf, statesOf, takenBy } from "./references.ts";

/** The name of a model's only input, unless the model names its inputs. */
export const onlyInput = "input";

/** Names that a model sets, and the place where they are written. */
export interface Names {
  readonly names: readonly string[];
  /** Null: they are defaults. */
  readonly path: JsonPath | null;
}

export interface GraphEnds {
  readonly inputs: Names;
  readonly outputs: Names;
}

/** The inputs and outputs of a model that does not name them: one input, and the last layer's output. */
export function usualEnds(layers: readonly LayerEntry[]): GraphEnds {
  const last = layers.at(-1);
  return { inputs: { names: [onlyInput], path: null }, outputs: { names: last ? [last.name] : [], path: null } };
}

/** @returns the layers in topological order, otherwise as written; or what is wrong with their connections. */
export function orderLayers(
  layers: readonly LayerEntry[],
  ends: GraphEnds,
): readonly LayerEntry[] | readonly Problem[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const isName = (name: string): boolean => byName.has(name) || ends.inputs.names.includes(name);
  const refer = (text: string): Reference => referenceOf(text, isName);
  const wrong = [
    ...namesakes(layers, ends),
    ...unknownReferences(layers, byName, ends, refer),
    ...unknownOutputs(ends, byName),
  ];
  if (wrong.length > 0) return wrong;
  const order = sorted(layers, byName, refer);
  if ("stuck" in order) return [circle(order.stuck)];
  const unused = unusedProblems(layers, ends, refer);
  return unused.length > 0 ? unused : order.layers;
}

/** Whether `orderLayers` found problems. */
export function isProblems(result: readonly LayerEntry[] | readonly Problem[]): result is readonly Problem[] {
  const [first] = result;
  return first !== undefined && "severity" in first;
}

function namesakes(layers: readonly LayerEntry[], { inputs }: GraphEnds): readonly Problem[] {
  const seen = new Set<string>();
  return layers.flatMap((layer): Problem[] => {
    const repeated = seen.has(layer.name);
    seen.add(layer.name);
    const at = [...layer.path, "name"];
    if (repeated) return [error(configWords().namesake(layer.name), at)];
    if (!inputs.names.includes(layer.name)) return [];
    return [error(configWords().isInput(layer.name), at)];
  });
}

function unknownReferences(
  layers: readonly LayerEntry[],
  byName: ReadonlyMap<string, LayerEntry>,
  { inputs }: GraphEnds,
  refer: (text: string) => Reference,
): readonly Problem[] {
  const places = layers.flatMap((layer) =>
    (["inputs", "initialState"] as const).flatMap((key) =>
      (layer[key] ?? []).map((text, i) => ({ text, path: [...layer.path, key, i], layer })),
    ),
  );
  const known = [...inputs.names, ...byName.keys()];
  const wrong = places.filter(({ text, layer }) => {
    const { name, state } = refer(text);
    const source = byName.get(name);
    if (name === layer.name) return false;
    return (
      (!source && !inputs.names.includes(name)) || (state !== null && !(source && statesOf(source).includes(state)))
    );
  });
  return problemsFor(wrong, ({ text, path }) => {
    const { name, state } = refer(text);
    const source = byName.get(name);
    if (state === null) {
      const hint = didYouMean(text, known) || configWords().thereIs(some(known, "and", false));
      return error(configWords().notLayerOrInput({ name: shorten(text), hint }), path);
    }
    const states = source ? statesOf(source) : [];
    const has = states.length > 0 ? some(states, "and") : null;
    return error(configWords().noState({ name: shorten(name), state, states: has }), path);
  });
}

function unknownOutputs({ outputs }: GraphEnds, byName: ReadonlyMap<string, LayerEntry>): readonly Problem[] {
  const path = outputs.path ?? [];
  return outputs.names.flatMap((name, i): Problem[] => {
    if (byName.has(name)) return [];
    const hint = didYouMean(name, byName.keys()) || configWords().thereIs(some([...byName.keys()], "and", false));
    return [error(configWords().notLayer({ name: shorten(name), hint }), [...path, i])];
  });
}

/** Sorts depth first in the written order, so that layers that already follow their inputs keep their places. */
function sorted(
  layers: readonly LayerEntry[],
  byName: ReadonlyMap<string, LayerEntry>,
  refer: (text: string) => Reference,
): { readonly layers: readonly LayerEntry[] } | { readonly stuck: LayerEntry } {
  const order: LayerEntry[] = [];
  const done = new Set<LayerEntry>();
  const open = new Set<LayerEntry>();
  /** Returns a layer of a circle, or null. */
  const visit = (layer: LayerEntry): LayerEntry | null => {
    if (done.has(layer)) return null;
    if (open.has(layer)) return layer;
    open.add(layer);
    for (const text of takenBy(layer)) {
      const before = byName.get(refer(text).name);
      const stuck = before ? visit(before) : null;
      if (stuck) return stuck;
    }
    open.delete(layer);
    done.add(layer);
    order.push(layer);
    return null;
  };
  for (const layer of layers) {
    const stuck = visit(layer);
    if (stuck) return { stuck };
  }
  return { layers: order };
}

function circle(layer: LayerEntry): Problem {
  const taken = takenBy(layer).map((name) => `"${name}"`);
  return error(configWords().circle({ name: layer.name, through: listWords().commas(taken) }), [
    ...layer.path,
    layer.inputs.length > 0 ? "inputs" : "initialState",
  ]);
}

function unusedProblems(
  layers: readonly LayerEntry[],
  { inputs, outputs }: GraphEnds,
  refer: (text: string) => Reference,
): readonly Problem[] {
  const used = new Set([...outputs.names, ...layers.flatMap((l) => takenBy(l).map((text) => refer(text).name))]);
  const dead = layers.filter(({ name }) => !used.has(name));
  return [
    ...problemsFor(dead, ({ name, path }) => error(configWords().unusedLayer(name), [...path, "type"])),
    ...inputs.names.flatMap((name, i): Problem[] => {
      if (used.has(name) || inputs.path === null) return [];
      return [error(configWords().unusedInput(shorten(name)), [...inputs.path, i])];
    }),
  ];
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
