/**
 * References of layers to their inputs: another layer's output (`encoder`), a recurrent layer's last state
 * (`encoder.h`, `encoder.c`; for a bidirectional one `encoder.forward.h`), or an input of the model.
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

const ofState = /^(.+?)\.((?:(?:forward|backward)\.)?[hc])$/;

/** @param isName whether a layer or an input with this name exists; needed because names may contain full stops. */
export function referenceOf(text: string, isName: (name: string) => boolean): Reference {
  if (isName(text)) return { name: text, state: null };
  const [, name = text, state = null] = ofState.exec(text) ?? [];
  return isName(name) ? { name, state } : { name: text, state: null };
}

/**
 * The last states that a layer gives, in the order of tfjs's outputs; empty for a layer without states that can be
 * named.
 */
export function statesOf({ type, args }: Pick<LayerEntry, "type" | "args">): readonly string[] {
  if (type !== "bidirectional") return statesOfType(type, args);
  const inner = args["layer"];
  const states = isObject(inner) ? statesOfType(String(inner["type"]), inner) : [];
  return ["forward", "backward"].flatMap((direction) => states.map((state) => `${direction}.${state}`));
}

function statesOfType(type: string, args: { readonly [key: string]: JsonValue }): readonly string[] {
  if (type === "rnn") {
    const cell = args["cell"];
    return isObject(cell) && cell["type"] !== "stackedRNNCells" ? statesOfType(String(cell["type"]), cell) : [];
  }
  const kind = factsOf(type)?.cell;
  return kind === undefined ? [] : cellKinds[kind].states;
}

/** Everything that a layer takes; initial states come last. */
export function takenBy({ inputs, initialState = [] }: Pick<LayerEntry, "inputs" | "initialState">): readonly string[] {
  return [...inputs, ...initialState];
}
