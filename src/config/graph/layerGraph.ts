/** The graph of a model's layers: the inputs of each layer, in an order in which every layer follows its inputs. */

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
    if (repeated) return [error(`There is another layer named "${layer.name}"; names are unique within a model.`, at)];
    if (!inputs.names.includes(layer.name)) return [];
    return [error(`"${layer.name}" is an input of the model; give the layer another name.`, at)];
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
      const hint = didYouMean(text, known) || ` There is ${some(known, "and", "others")}.`;
      return error(`"${shorten(text)}" is not a layer or an input of the model.${hint}`, path);
    }
    const states = source ? statesOf(source) : [];
    const has = states.length > 0 ? `it has ${some(states, "and")}` : "only recurrent layers have states";
    return error(`"${shorten(name)}" has no state "${state}": ${has}.`, path);
  });
}

function unknownOutputs({ outputs }: GraphEnds, byName: ReadonlyMap<string, LayerEntry>): readonly Problem[] {
  const path = outputs.path ?? [];
  return outputs.names.flatMap((name, i): Problem[] => {
    if (byName.has(name)) return [];
    const hint = didYouMean(name, byName.keys()) || ` There is ${some([...byName.keys()], "and", "others")}.`;
    return [error(`"${shorten(name)}" is not a layer of the model.${hint}`, [...path, i])];
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
  return error(
    `"${layer.name}" takes its own output, through ${taken.join(", ")}. Connections must not form a circle.`,
    [...layer.path, layer.inputs.length > 0 ? "inputs" : "initialState"],
  );
}

function unusedProblems(
  layers: readonly LayerEntry[],
  { inputs, outputs }: GraphEnds,
  refer: (text: string) => Reference,
): readonly Problem[] {
  const used = new Set([...outputs.names, ...layers.flatMap((l) => takenBy(l).map((text) => refer(text).name))]);
  const dead = layers.filter(({ name }) => !used.has(name));
  return [
    ...problemsFor(dead, ({ name, path }) =>
      error(
        `No layer takes the output of "${name}", so it would not be trained. Name it in the "inputs" of a later layer or in the model's "outputs", or remove it.`,
        [...path, "type"],
      ),
    ),
    ...inputs.names.flatMap((name, i): Problem[] => {
      if (used.has(name) || inputs.path === null) return [];
      return [
        error(`No layer takes the input "${shorten(name)}". Name it in the "inputs" of a layer.`, [...inputs.path, i]),
      ];
    }),
  ];
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}
