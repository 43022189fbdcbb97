/**
 * References of layers to their inputs: another layer's output (`encoder`), a recurrent layer's last state
 * (`encoder.h`, `encoder.c`; for a bidirectional one `encoder.forward.h`, for the second cell of a stack `encoder.1.h`), or an
 * input of the model.
 */

import { cellKinds, factsOf } from "../layerCatalogue.ts";
import { isObject } from "../merge.ts";
import type { JsonValue, LayerEntry } from "../resolved.ts";

export interface Reference {
  /** Name of the layer or of the model's input. */
  readonly name: string;
  /** The referenced last state, as named by `statesOf`; null: the output. */
  readonly state: string | null;
}

/** Longer names of states first, because names of layers may end in numbers. */
const ofState = [/^(.+?)\.((?:(?:forward|backward)\.)?(?:\d{1,4}\.)?[hc])$/, /^(.+)\.([hc])$/] as const;

/** @param isName whether a layer or an input with this name exists; needed because names may contain full stops. */
export function referenceOf(text: string, isName: (name: string) => boolean): Reference {
  if (isName(text)) return { name: text, state: null };
  for (const form of ofState) {
    const [, name = text, state = null] = form.exec(text) ?? [];
    if (isName(name)) return { name, state };
  }
  return { name: text, state: null };
}

/** The last states that a layer gives, in the order of its cells; empty for a layer without states that can be named. */
export function statesOf({ type, args }: Pick<LayerEntry, "type" | "args">): readonly string[] {
  if (type !== "bidirectional") return statesOfType(type, args);
  const inner = args["layer"];
  const states = isObject(inner) ? statesOfType(String(inner["type"]), inner) : [];
  return ["forward", "backward"].flatMap((direction) => states.map((state) => `${direction}.${state}`));
}

/** The same in the order of tfjs's outputs, which lists the cells of a stack from the last one to the first. */
export function statesInTfjs(layer: Pick<LayerEntry, "type" | "args">): readonly string[] {
  const states = statesOf(layer);
  const cellOf = (state: string): number => Number.parseInt(state, 10);
  return states.some((state) => Number.isNaN(cellOf(state)))
    ? states
    : states.toSorted((a, b) => cellOf(b) - cellOf(a));
}

/** The cells of a stack; null: the layer has one. */
function stackOf(cell: JsonValue | undefined): readonly JsonValue[] | null {
  if (Array.isArray(cell)) return cell;
  const cells = isObject(cell) && cell["type"] === "stackedRNNCells" ? cell["cells"] : null;
  return Array.isArray(cells) ? cells : null;
}

function statesOfType(type: string, args: { readonly [key: string]: JsonValue }): readonly string[] {
  if (type === "rnn") {
    const cell = args["cell"];
    const stack = stackOf(cell);
    if (!stack) return isObject(cell) ? statesOfType(String(cell["type"]), cell) : [];
    return stack.flatMap((each, i) =>
      isObject(each) ? statesOfType(String(each["type"]), each).map((state) => `${i}.${state}`) : [],
    );
  }
  const kind = factsOf(type)?.cell;
  return kind === undefined ? [] : cellKinds[kind].states;
}

/** Everything that a layer takes; initial states come last. */
export function takenBy({ inputs, initialState = [] }: Pick<LayerEntry, "inputs" | "initialState">): readonly string[] {
  return [...inputs, ...initialState];
}
