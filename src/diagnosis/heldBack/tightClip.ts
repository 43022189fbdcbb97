/**
 * A clip limit so far below the gradients' size that the updates come to nothing, for optimizers whose steps are
 * proportional to the gradient. If the updates are divided by the gradient's size (Adam), the limit does not matter.
 */

import type { JsonPath, ResolvedModel } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import type { Fix } from "../../protocol/finding.ts";
import { median } from "../../protocol/history/median.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { hardlyMoves, movementOf } from "../movement.ts";
import { niceNumber } from "../niceNumber.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/**
 * Share of the steps that are clipped, and share of the gradient that is left; a limit against spikes reaches neither.
 */
const almostAll = 0.9;
const little = 0.1;

/** In a run that learns, a kernel moves by at least this share of itself. */
const enough = 0.1;

/** The proposed limit, in usual norms: Pascanu et al. (2013) advise half to ten times. */
const room = 5;

const kinds = ["globalNorm", "norm", "value"] as const;

export const tightClip: HoldCheck = ({ history, model }) => {
  const { clip } = model.training;
  const kind = kinds.find((key) => clip[key] !== null);
  const before = history.series("gradientNorm");
  const after = history.series("clippedGradientNorm");
  if (kind === undefined || !before || !after || !hardlyMoves(history)) return undefined;
  const left = Array.from(before, (norm, i) => (after[i] ?? Number.NaN) / norm).filter((share) => !Number.isNaN(share));
  const share = left.filter((part) => part < 1 - 1e-6).length / Math.max(1, left.length);
  const kept = median(left);
  const movement = movementOf(history);
  // Without the limit the weights must move enough, or else the learning rate is to blame.
  if (!(share >= almostAll && kept <= little && movement / kept >= enough)) return undefined;
  const limit = clip[kind] ?? Number.NaN;
  const usual = median(before.filter((norm) => Number.isFinite(norm)));
  return {
    kind: "clip",
    layer: null,
    place: [...model.trainingPath, "clip", kind],
    message: learningWords().clipped({
      share: formatPercent(share),
      kept: formatNumber(kept),
      kind,
      limit: formatNumber(limit),
    }),
    explanation: learningWords().clippedWhy({
      usual: formatNumber(usual),
      left: formatNumber(usual * kept),
      movement: formatPercent(movement),
    }),
    evidence: evidence({ clippedShare: share, kept, limit, gradientNorm: usual, movement }),
    fixes: fixesOf(model, kind, usual),
  };
};

function fixesOf(model: ResolvedModel, kind: (typeof kinds)[number], usual: number): readonly Fix[] {
  const path: JsonPath = [...model.trainingPath, "clip"];
  const limit = niceNumber(room * usual);
  const kept = Object.fromEntries(
    kinds.flatMap((key) =>
      key === kind || model.training.clip[key] === null ? [] : [[key, model.training.clip[key]]],
    ),
  );
  return [
    {
      id: "raise-clip",
      title: learningWords().raiseClip(limit),
      edits: [{ path, value: { ...kept, [kind]: limit } }],
    },
    { id: "no-clip", title: learningWords().noClip, edits: [{ path, value: null }] },
  ];
}
