/** What the author of a saved model should know about how it is measured here. */

import type { Problem } from "../../config/problem.ts";
import type { LayerEntry, ModelFile } from "../../config/resolved.ts";
import type { SavedModel } from "../formats/models/savedModel.ts";
import type { Difference } from "./translateLayer.ts";

interface Layer {
  readonly entry: LayerEntry;
  readonly differences: readonly Difference[];
}

/**
 * At most one remark of each kind, at the file's place.
 *
 * @param unmasked layers to which Keras 3 gives no mask although there is one: it gives a layer that begins with a state
 * a mask for each of its tensors, and the layer looks for a single one.
 */
export function remarksOf(
  { logits }: SavedModel,
  layers: readonly Layer[],
  unmasked: readonly Layer[],
  { path }: ModelFile,
): readonly Problem[] {
  const stateful = layers.filter(({ differences }) => differences.some(({ kind }) => kind === "stateful"));
  const policies = new Set(
    layers.flatMap(({ differences }) => differences.flatMap((d) => (d.kind === "precision" ? [d.policy] : []))),
  );
  const messages = [
    ...(unmasked.length > 0
      ? [
          `Keras 3 gives no mask to ${names(unmasked).replace(/^Its/, "its")}, because that begins with a state. Here masked timesteps hand the state on unchanged, as in Keras 2; the outputs of the other timesteps are the same if the padding is at the end.`,
        ]
      : []),
    ...(stateful.length > 0
      ? [
          `${names(stateful)} carried the state from batch to batch in training (stateful). It is measured without that: each sample begins with a state of zero.`,
        ]
      : []),
    ...(policies.size > 0
      ? [`It was trained in ${[...policies].slice(0, 3).join(" and ")}. It is measured in float32.`]
      : []),
    ...(logits === null
      ? []
      : [`Its outputs are logits for "${logits}" (from_logits), and are treated as logits here.`]),
  ];
  return messages.map((message) => ({ severity: "warning", message, path, on: "value" }));
}

function names(layers: readonly Layer[]): string {
  const [first, ...others] = layers;
  const also = others.length === 0 ? "" : ` and ${others.length} other ${others.length === 1 ? "layer" : "layers"}`;
  return `Its layer "${first?.entry.name}"${also}`;
}
