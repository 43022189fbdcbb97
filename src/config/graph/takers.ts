/** Which layers of a resolved model take what another one gives: its output, or its last states. */

import type { LayerEntry, ResolvedModel } from "../resolved.ts";
import { referenceOf, takenBy } from "./references.ts";

type Graph = Pick<ResolvedModel, "layers" | "inputs">;

/** Names of the layers and inputs that a layer takes something of. */
export function sourcesOf({ layers, inputs }: Graph, layer: LayerEntry): readonly string[] {
  const isName = (text: string): boolean => inputs.includes(text) || layers.some(({ name }) => name === text);
  return takenBy(layer).map((text) => referenceOf(text, isName).name);
}

/** The layers that take something of a layer or of an input. */
export function takersOf(graph: Graph, name: string): readonly LayerEntry[] {
  return graph.layers.filter((layer) => sourcesOf(graph, layer).includes(name));
}

/** Whether a layer takes an input of the model itself. */
export function takesInput({ inputs }: Graph, layer: LayerEntry): boolean {
  return takenBy(layer).some((text) => inputs.includes(text));
}

/**
 * Whether a model with one input has its layers in the config in the order in which they follow one another: only then a
 * layer can be inserted before another by its place in the list.
 */
export function writtenInOrder({ layers, inputs }: Graph): boolean {
  return inputs.length <= 1 && layers.every(({ path }, i) => typeof path.at(-1) !== "number" || path.at(-1) === i);
}
