/** What the author of a saved model should know about how it is measured here. */

import type { Problem } from "../../config/problem.ts";
import type { LayerEntry, ModelFile } from "../../config/resolved.ts";
import type { OutputLosses } from "./losses.ts";
import type { Difference } from "./translateLayer.ts";

/**
 * Why a layer of Keras 3 gets no mask although there is one.
 *
 * `state`      Keras 3 gives a layer that begins with a state a mask for each of its tensors, and the layer looks for a single one
 * `recorded`   the file passes no mask to it
 * `attention`  a MultiHeadAttention has taken the mask off its input
 */
export type LostMask = "state" | "recorded" | "attention";

interface Layer {
  readonly unmasked: LostMask | null;
  readonly entry: LayerEntry;
  readonly differences: readonly Difference[];
}

/**
 * At most one remark of each kind, at the file's place.
 *
 * @param unmasked layers to which Keras 3 gives no mask although there is one.
 */
export function remarksOf(
  losses: OutputLosses,
  layers: readonly Layer[],
  unmasked: readonly Layer[],
  { path }: ModelFile,
): readonly Problem[] {
  const stateful = layers.filter(({ differences }) => differences.some(({ kind }) => kind === "stateful"));
  const penalized = layers.filter(({ differences }) => differences.some(({ kind }) => kind === "penalty"));
  const policies = new Set(
    layers.flatMap(({ differences }) => differences.flatMap((d) => (d.kind === "precision" ? [d.policy] : []))),
  );
  const messages = [
    ...lostMaskMessages(unmasked),
    ...(stateful.length > 0
      ? [
          `${names(stateful)} carried the state from batch to batch in training (stateful). It is measured without that: each sample begins with a state of zero.`,
        ]
      : []),
    ...(penalized.length > 0
      ? [
          `${names(penalized)} adds a penalty on its outputs to the loss (activity_regularizer). The penalty is left out here, in the loss and in the gradients.`,
        ]
      : []),
    ...(policies.size > 0
      ? [`It was trained in ${[...policies].slice(0, 3).join(" and ")}. It is measured in float32.`]
      : []),
    ...lossMessages(losses),
  ];
  return messages.map((message) => ({ severity: "warning", message, path, on: "value" }));
}

function lostMaskMessages(unmasked: readonly Layer[]): readonly string[] {
  const of = (kind: LostMask) => unmasked.filter((layer) => layer.unmasked === kind);
  const reason = (kind: LostMask, why: string) =>
    of(kind).length === 0
      ? []
      : [`${names(of(kind))} ${why}: it reads masked timesteps like any other. It does so here, too.`];
  return [
    ...reason("state", "begins with a state and therefore gets no mask from Keras 3"),
    ...reason("recorded", "gets no mask in Keras 3"),
    ...reason(
      "attention",
      "takes what another MultiHeadAttention has taken before, which took the mask off in Keras 3",
    ),
  ];
}

function lossMessages({ logits, probabilities, changed }: OutputLosses): readonly string[] {
  const byLoss = [...new Set(logits.values())].map((loss) => {
    const outputs = [...logits].flatMap(([name, own]) => (own === loss ? [`"${name}"`] : []));
    const which = outputs.length === 1 && logits.size === 1 ? "" : ` ${outputs.slice(0, 6).join(", ")}`;
    return `Its outputs${which} are logits for "${loss}" (from_logits), and are treated as logits here.`;
  });
  return [
    ...byLoss,
    ...(probabilities.length > 0
      ? [
          `Its loss takes ${probabilities.map((name) => `"${name}"`).join(", ")} for logits (from_logits), but ${probabilities.length === 1 ? "that layer gives" : "these layers give"} probabilities. The loss is computed from them correctly here, as by Keras on TensorFlow.`,
        ]
      : []),
    ...(changed.length > 0
      ? [`It was trained with the loss ${changed.join(" and ")}. The same loss here does not have these arguments.`]
      : []),
  ];
}

function names(layers: readonly Layer[]): string {
  const [first, ...others] = layers;
  const also = others.length === 0 ? "" : ` and ${others.length} other ${others.length === 1 ? "layer" : "layers"}`;
  return `Its layer "${first?.entry.name.replace(/(_\d+)?_unmasked$/, "")}"${also}`;
}
