/** What the author of a saved model should know about how it is measured here. */

import type { Problem } from "../../config/problem.ts";
import type { LayerEntry, ModelFile } from "../../config/resolved.ts";
import { listWords } from "../../messages/lists.ts";
import { translationWords } from "../../messages/translating.ts";
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
    ...(stateful.length > 0 ? [translationWords().carriedState(named(stateful))] : []),
    ...(penalized.length > 0 ? [translationWords().penalty(named(penalized))] : []),
    ...(policies.size > 0 ? [translationWords().precision(listWords().and([...policies].slice(0, 3)))] : []),
    ...lossMessages(losses),
  ];
  return messages.map((message) => ({ severity: "warning", message, path, on: "value" }));
}

function lostMaskMessages(unmasked: readonly Layer[]): readonly string[] {
  return (["state", "recorded", "attention"] as const).flatMap((kind) => {
    const layers = unmasked.filter((layer) => layer.unmasked === kind);
    return layers.length === 0 ? [] : [translationWords().unmasked[kind](named(layers))];
  });
}

function lossMessages({ logits, probabilities, changed }: OutputLosses): readonly string[] {
  const byLoss = [...new Set(logits.values())].map((loss) => {
    const outputs = [...logits].flatMap(([name, own]) => (own === loss ? [`"${name}"`] : []));
    const which = outputs.length === 1 && logits.size === 1 ? [] : outputs.slice(0, 6);
    return translationWords().logits({ outputs: listWords().commas(which), loss });
  });
  return [
    ...byLoss,
    ...(probabilities.length > 0
      ? [
          translationWords().probabilities({
            names: listWords().commas(probabilities.map((name) => `"${name}"`)),
            n: probabilities.length,
          }),
        ]
      : []),
    ...(changed.length > 0 ? [translationWords().changedLoss(listWords().and(changed))] : []),
  ];
}

function named(layers: readonly Layer[]): { readonly first: string; readonly others: number } {
  const [first] = layers;
  return { first: String(first?.entry.name.replace(/(_\d+)?_unmasked$/, "")), others: layers.length - 1 };
}
