/**
 * `symmetric-units`: the units of a hidden layer start with the same weights, so they compute the same.
 *
 * If the layers after them also treat them alike, they get the same gradient and stay the same for ever: the layer is
 * one unit wide, however the loss falls. That is a *warning*, as are weights of exactly zero before a ReLU, whose slope
 * is 0 there. If later weights, or dropout, make them differ, it is a *warning* only while the net learns nothing. The
 * rule measures the weights themselves, so it holds for a saved model, too. An output layer of equal weights is not
 * affected: its units have different targets.
 */

import { gradientWords } from "../../messages/gradientFindings.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { consumersOf } from "../consumers.ts";
import { present } from "../fixes/fix.ts";
import { almostAll, symmetryFix } from "../fixes/symmetryFix.ts";
import { layerSource, typePlace, written } from "../layerSource.ts";
import { type Learning, learningOf } from "../learning.ts";
import { gate } from "../reasonToWorry.ts";
import { evidence, findingId, type Rule } from "../rule.ts";

type Kind =
  /** They stay the same for ever. */
  | "for-ever"
  /** They have zero weights before a ReLU. */
  | "dead"
  /** Only dropout makes them differ. */
  | "dropout"
  /** Later weights make them differ. */
  | "at-first";

interface Symmetric {
  readonly layer: LayerInfo;
  readonly kind: Kind;
  /** Later layers whose weights are the same for all units, too. */
  readonly behind: readonly LayerInfo[];
}

export const symmetricUnits: Rule = (history, model) => {
  const { info } = history;
  if (!info.diagnosis.rules["symmetric-units"].enabled) return [];
  const learning = learningOf(history);
  const found = info.layers.flatMap((layer, i): Symmetric[] => {
    if ((layer.symmetry?.units ?? 0) < almostAll) return [];
    const { layers, dropped } = consumersOf(info, model, layer);
    if (layers.length === 0) return [];
    const behind = layers.filter((l) => l !== null && (l.symmetry?.inputs ?? 0) >= almostAll);
    const alike = behind.length === layers.length;
    const kind = isDead(history, layer, i) ? "dead" : !alike ? "at-first" : dropped ? "dropout" : "for-ever";
    return [{ layer, kind, behind: behind.flatMap((l) => l ?? []) }];
  });
  const told = found.filter(({ kind }) => severityOf(kind, learning) !== null);
  const worst = order.flatMap((kind) => told.filter((s) => s.kind === kind))[0];
  if (!worst) return [];
  const same = found.filter(({ kind }) => severityOf(kind, learning) === severityOf(worst.kind, learning));
  const names = [...new Set(same.map(({ layer }) => layer.name))];
  const affected = [
    ...new Map(found.flatMap(({ layer, behind }) => [layer, ...behind]).map((l) => [l.path.join("/"), l])).values(),
  ];
  const source = layerSource(model, worst.layer.path, worst.layer.type);
  return [
    {
      id: findingId("symmetric-units", model.name, worst.layer.name),
      code: "symmetric-units",
      severity: severityOf(worst.kind, learning) ?? "information",
      model: model.name,
      layer: worst.layer.name,
      weight: null,
      place: written(source, "kernelInitializer") ?? written(source, "embeddingsInitializer") ?? typePlace(source),
      timesteps: null,
      step: 1,
      message: gradientWords().symmetric(listed(names)),
      explanation: gradientWords().symmetricWhy({
        reason: reasons[worst.kind](),
        because: because(worst.kind, learning),
      }),
      evidence: evidence({
        layers: names.length,
        units: worst.layer.width,
        identicalUnits: worst.layer.symmetry?.units,
        loss: learning.loss,
        baselineLoss: learning.baseline,
        steps: learning.steps,
      }),
      fixes: () => present([symmetryFix(affected.map((l) => layerSource(model, l.path, l.type)))]),
    },
  ];
};

const order: readonly Kind[] = ["dead", "for-ever", "dropout", "at-first"];

const reasons: { readonly [kind in Kind]: () => string } = {
  dead: () => gradientWords().zeroWeights,
  "for-ever": () => gradientWords().alikeForEver,
  dropout: () => gradientWords().alikeButDropout,
  "at-first": () => gradientWords().alikeAtFirst,
};

function because(kind: Kind, learning: Learning): string {
  if (learning.state !== "left" || kind !== "for-ever") return gate(learning).because;
  return gradientWords().oneUnitWide(formatNumber(learning.loss));
}

/** Severity of the finding; null if it is not worth reporting. */
function severityOf(kind: Kind, learning: Learning): Finding["severity"] | null {
  const { warning } = gate(learning);
  switch (kind) {
    case "for-ever":
      return "warning";
    case "dead":
      return learning.state === "left" ? "information" : "warning";
    case "dropout":
      return warning ? "warning" : "information";
    case "at-first":
      return warning ? "warning" : null;
  }
}

/** Weights and bias of exactly zero before a ReLU, at the first step. */
function isDead(history: RunHistory, { activation, recurrent }: LayerInfo, i: number): boolean {
  if (activation !== "relu" || recurrent !== null || history.steps[0] !== 1) return false;
  const first = (name: string) => history.series("weightNorm", i, name)?.[0];
  return first("kernel") === 0 && (first("bias") ?? 0) === 0;
}

/** `a and b`, `a, b and 4 others`. */
function listed(names: readonly string[]): string {
  if (names.length > 4)
    return gradientWords().andOthers({ names: names.slice(0, 2).join(", "), others: names.length - 2 });
  return names.length < 2
    ? (names[0] ?? "")
    : gradientWords().and({ names: names.slice(0, -1).join(", "), last: names.at(-1) });
}
