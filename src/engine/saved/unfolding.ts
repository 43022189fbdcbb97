/** Layers of Keras's that become several layers here: directions that differ, and models that run at each timestep. */

import { savedWords } from "../../messages/savedModels.ts";
import { isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";
import { callsOf } from "./calls.ts";

export interface BareLayer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
}

export interface Directions {
  readonly forward: BareLayer;
  readonly backward: BareLayer;
  /** The layer that joins both outputs; null: both are given. */
  readonly merge: BareLayer | null;
  /** Puts the outputs of the backward layer in the order of the sequence; null: there is only the last one. */
  readonly reversed: BareLayer | null;
}

/** A slice that turns the timesteps round. Unlike any other slice, it would have to pass a mask on. */
export const reversedClass = "ReversedTimesteps";

const merges: { readonly [mode: string]: string } = {
  concat: "Concatenate",
  sum: "Add",
  mul: "Multiply",
  ave: "Average",
};

/** The layers of a Bidirectional that the layer `bidirectional` cannot be; null: it can, or it is no such layer. */
export function directionsOf({ className, config }: BareLayer): Directions | null {
  const forward = innerOf(config["layer"], "forward");
  if (className !== "Bidirectional" || !forward) return null;
  const given = innerOf(config["backward_layer"], "backward");
  const backward = given ?? turned(forward);
  const mode = config["merge_mode"];
  const goesForward = forward.config["go_backwards"] !== true;
  if (mode !== null && goesForward && content(turned(forward)) === content(backward)) return null;
  const joining = typeof mode === "string" ? merges[mode] : undefined;
  const sequences = forward.config["return_sequences"] === true;
  return {
    forward,
    backward,
    merge: joining === undefined ? null : { name: "merged", className: joining, config: { name: "merged" } },
    reversed: sequences ? { name: "reversed", className: reversedClass, config: { name: "reversed" } } : null,
  };
}

function innerOf(value: JsonObject[string] | undefined, name: string): BareLayer | null {
  const inner = objectAt(value);
  const config = objectAt(inner?.["config"]);
  const className = inner?.["class_name"];
  return config && typeof className === "string" ? { name, className, config: { ...config, name } } : null;
}

function turned({ className, config }: BareLayer): BareLayer {
  return { name: "backward", className, config: { ...config, name: "backward", go_backwards: true } };
}

/** What a layer computes, apart from its weights. */
function content({ className, config }: BareLayer): string {
  const without = (key: string, value: unknown): unknown =>
    key === "name" || key === "shared_object_id" || key.endsWith("initializer") ? undefined : value;
  return `${className} ${JSON.stringify(Object.entries(config).sort(), without)}`;
}

/**
 * The layers of a model inside a TimeDistributed, each distributed by itself; null: it has another layer.
 *
 * @throws SavedError if the model is more than a chain.
 */
export function distributedLayers({ name, className, config }: BareLayer): readonly BareLayer[] | null {
  const inner = objectAt(config["layer"]);
  const kind = inner?.["class_name"];
  if (className !== "TimeDistributed" || !inner || !["Sequential", "Functional", "Model"].includes(String(kind)))
    return null;
  const items = objectAt(inner["config"])?.["layers"];
  const layers = (isList(items) ? items : []).map(objectAt).filter((item) => item !== null);
  let before: string | null = null;
  return layers.flatMap((layer): BareLayer[] => {
    const own = objectAt(layer["config"]);
    const ownName = String(layer["name"] ?? own?.["name"]);
    if (kind !== "Sequential" && layer["class_name"] !== "InputLayer") {
      const calls = callsOf(ownName, layer["inbound_nodes"], false);
      const taken = calls.flatMap(({ inputs }) => inputs.map((input) => input.layer));
      if (taken.length !== 1 || (before !== null && taken[0] !== before))
        throw new SavedError(savedWords().branches(name));
    }
    before = ownName;
    if (layer["class_name"] === "InputLayer") return [];
    const inside = { class_name: layer["class_name"] ?? null, config: own ?? null };
    return [{ name: ownName, className: "TimeDistributed", config: { name: ownName, layer: inside } }];
  });
}
