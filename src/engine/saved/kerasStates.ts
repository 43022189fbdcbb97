/** The last states of Keras's recurrent layers, in the order in which Keras gives them and takes initial ones. */

import type { JsonValue } from "../../config/resolved.ts";
import { type JsonObject, objectAt } from "../formats/models/savedModel.ts";

const states: { readonly [className: string]: readonly string[] } = {
  LSTM: ["h", "c"],
  LSTMCell: ["h", "c"],
  CuDNNLSTM: ["h", "c"],
  GRU: ["h"],
  GRUCell: ["h"],
  CuDNNGRU: ["h"],
  SimpleRNN: ["h"],
  SimpleRNNCell: ["h"],
};

const recurrent = new Set(["RNN", "Bidirectional", "ConvLSTM2D", ...Object.keys(states)]);

/** Whether a layer takes an initial state after its input. */
export function isRecurrent(className: string): boolean {
  return recurrent.has(className);
}

/** Names of the last states as the config refers to them; [] if they have no names. */
export function kerasStates(className: string, config: JsonObject): readonly string[] {
  if (className === "Bidirectional") {
    const own = statesIn(config["layer"]);
    return ["forward", "backward"].flatMap((direction) => own.map((state) => `${direction}.${state}`));
  }
  if (className === "RNN") return statesIn(config["cell"]);
  return Object.hasOwn(states, className) ? (states[className] ?? []) : [];
}

function statesIn(described: JsonValue | undefined): readonly string[] {
  const { class_name: className, config } = objectAt(described) ?? {};
  return typeof className === "string" ? kerasStates(className, objectAt(config) ?? {}) : [];
}
