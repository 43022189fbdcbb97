/** The last states of Keras's recurrent layers, in the order in which Keras gives them and takes initial ones. */

import { cellKinds, factsOf, typeOfClass } from "../../config/layerCatalogue.ts";
import { cellTypes, readsInOrder } from "../../config/layerKinds.ts";
import type { JsonValue } from "../../config/resolved.ts";
import { isList, type JsonObject, objectAt } from "../formats/models/savedModel.ts";

/** The type of a layer or cell; CuDNN's layers have the states of those that they are translated to. */
function typeOf(className: string): string {
  return typeOfClass(className.replace(/^CuDNN/, "")) ?? className;
}

/** Whether a layer takes an initial state after its input. */
export function isRecurrent(className: string): boolean {
  const type = typeOf(className);
  return readsInOrder({ type }) || cellTypes.includes(type);
}

/** Names of the last states as the config refers to them; [] if they have no names. */
export function kerasStates(className: string, config: JsonObject): readonly string[] {
  if (className === "Bidirectional") {
    const own = statesIn(config["layer"]);
    return ["forward", "backward"].flatMap((direction) => own.map((state) => `${direction}.${state}`));
  }
  if (className === "RNN") return statesIn(config["cell"]);
  if (className === "StackedRNNCells") {
    const cells = config["cells"];
    return (isList(cells) ? cells : []).flatMap((cell, i) => statesIn(cell).map((state) => `${i}.${state}`));
  }
  const { cell } = factsOf(typeOf(className)) ?? {};
  return cell ? cellKinds[cell].states : [];
}

function statesIn(described: JsonValue | undefined): readonly string[] {
  const { class_name: className, config } = objectAt(described) ?? {};
  return typeof className === "string" ? kerasStates(className, objectAt(config) ?? {}) : [];
}
