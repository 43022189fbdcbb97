/**
 * `padding`: sequences in files were made equally long with zeros, and nothing masks them.
 *
 * *Information*: a net may learn to skip them, but must carry what it knows across all of them. *Warning* if the
 * gradient has to cross zeros at the end and does not: it then vanishes in the padding. Reported only if a layer could
 * skip them: a recurrent one or attention.
 */

import { sourcesOf, takesInput, writtenInOrder } from "../../config/graph/takers.ts";
import { has } from "../../config/layerCatalogue.ts";
import { readsInOrder } from "../../config/layerKinds.ts";
import type { LayerEntry, ResolvedModel } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import type { Finding, Fix } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatPercent } from "../../protocol/numberText.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { firstLayerEdits } from "../fixes/firstLayer.ts";
import { evidence, findingId } from "../rule.ts";

/** Share of all timesteps from which padding is reported. */
const considerable = 0.2;

/** @param symptoms findings of the other rules */
export function padding(history: RunHistory, model: ResolvedModel, symptoms: readonly Finding[]): readonly Finding[] {
  const { data, diagnosis, layers } = history.info;
  const padded = data?.padding;
  if (!diagnosis.rules.padding.enabled || model.data.kind !== "arrays" || !padded) return [];
  if (padded.masked || padded.share < considerable || !layers.some(skips)) return [];
  const { share, at, longest } = padded;
  const late = lateMask(model.layers);
  const finding: Finding = {
    id: findingId("padding", model.name, null),
    code: "padding",
    severity: at === "end" && symptoms.some(vanishes) ? "warning" : "information",
    model: model.name,
    layer: null,
    weight: null,
    place: [...model.dataPath, "inputs", "file"],
    timesteps: null,
    step: 1,
    message: learningWords().padding({
      share: formatPercent(share),
      at,
      mask: late ? learningWords().maskTooLate(late.masking.name) : learningWords().nothingMasks,
    }),
    explanation: learningWords().paddingWhy({
      longest,
      late: late
        ? learningWords().maskAfter({ changer: late.changer.name, type: late.changer.type, mask: late.masking.name })
        : "",
      isEnd: at === "end",
    }),
    evidence: evidence({ share, longest, limit: considerable }),
    fixes: maskFixes(model, late),
  };
  return [finding];
}

function vanishes({ code, severity }: Finding): boolean {
  return code === "vanishing-through-time" && severity !== "information";
}

/** Whether a layer can skip timesteps. */
function skips(layer: LayerInfo): boolean {
  return layer.recurrent !== null || has("attends", layer);
}

interface LateMask {
  readonly masking: LayerEntry;
  /** The first layer that turns zeros into other values. */
  readonly changer: LayerEntry;
}

/** A mask that looks for zeros after another layer has changed them; searched along the chain from the first layer. */
function lateMask(layers: readonly LayerEntry[]): LateMask | null {
  const masking = layers.find(({ type, args }) => type === "masking" && (args["maskValue"] ?? 0) === 0);
  const before = masking ? layers.slice(0, layers.indexOf(masking)) : [];
  const changer = before.find(({ type }) => /Normalization$|^rescaling$/.test(type));
  return masking && changer ? { masking, changer } : null;
}

function maskFixes(model: ResolvedModel, late: LateMask | null): readonly Fix[] {
  const { layers } = model;
  const [first] = layers;
  if (!first) return [];
  if (late) return moveFix(model, late.masking);
  if (first.type === "embedding")
    return layers.some((l) => takesInput(model, l) && l !== first) || !reaches(layers, 1)
      ? []
      : [
          {
            id: "mask-zero",
            title: learningWords().maskIndex(first.name),
            edits: [{ path: [...first.path, "maskZero"], value: true }],
          },
        ];
  const edits = reaches(layers, 0) ? firstLayerEdits(model, { type: "masking", maskValue: 0 }, "masking") : undefined;
  return edits ? [{ id: "masking", title: learningWords().maskZeros, edits }] : [];
}

/** Moves the mask before all layers up to it, which must form a chain without other consumers. */
function moveFix(model: ResolvedModel, masking: LayerEntry): readonly Fix[] {
  const { layers, inputs } = model;
  const at = layers.indexOf(masking);
  const chain = layers
    .slice(0, at + 2)
    .every((l, i) => l.inputs.length === 1 && l.inputs[0] === (layers[i - 1]?.name ?? inputs[0]));
  const taken = new Set(layers.slice(0, at + 1).map((l) => l.name));
  const elsewhere = layers
    .slice(at + 2)
    .some((l) => takesInput(model, l) || sourcesOf(model, l).some((name) => taken.has(name)));
  const [first] = layers;
  if (!first || !writtenInOrder(model) || !chain || elsewhere || !reaches(layers.toSpliced(at, 1), 0)) return [];
  const list = first.path.slice(0, -1);
  const named = masking.name === "masking" ? {} : { name: masking.name };
  return [
    {
      id: "masking-first",
      title: learningWords().moveBefore({ mask: masking.name, first: first.name }),
      edits: [
        { path: first.path, value: { type: "masking", ...named, ...masking.args }, insert: true },
        { path: [...list, 1, "inputs"], value: undefined },
        { path: [...list, at + 1], value: undefined },
        { path: [...list, at + 1, "inputs"], value: undefined },
      ],
    },
  ];
}

/** Whether a mask given to the layers from `from` on reaches one that skips timesteps. */
function reaches(layers: readonly LayerEntry[], from: number): boolean {
  const next = layers.slice(from).find(({ type }) => !has("passesMasks", { type }));
  return next !== undefined && (readsInOrder(next) || has("attends", next));
}
