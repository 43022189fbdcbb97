/**
 * A limit of the gradients so far below their size that the updates of an optimizer whose steps are as large as the
 * gradient come to nothing. Where the updates are divided by the gradient's size (Adam) the limit does not matter.
 */

import type { ConfigPath, ResolvedModel } from "../../config/resolved.ts";
import type { Fix } from "../../protocol/finding.ts";
import { hardlyMoves, movementOf } from "../movement.ts";
import { evidence } from "../rule.ts";
import { median } from "../statistics.ts";
import { formatNumber, formatPercent, niceNumber } from "../text/numbers.ts";
import type { HoldCheck } from "./hold.ts";

/** Share of the steps that are clipped, and what is left of their gradient: a limit that is there for spikes has neither. */
const almostAll = 0.9;
const little = 0.1;

/** A kernel moves by this share of itself at least in a run that learns. */
const enough = 0.1;

/** The limit to raise to, in usual norms: Pascanu et al. (2013) advise half to ten times. */
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
  // Without the limit the weights would move enough: what is small is not the rate.
  if (!(share >= almostAll && kept <= little && movement / kept >= enough)) return undefined;
  const limit = clip[kind] ?? Number.NaN;
  const usual = median(before.filter((norm) => Number.isFinite(norm)));
  return {
    kind: "clip",
    layer: null,
    place: [...model.trainingPath, "clip", kind],
    message: `${formatPercent(share)} of the steps are clipped, to ${formatNumber(kept)} of their gradient: "${kind}" is ${formatNumber(limit)}`,
    explanation:
      `The norm of all gradients is usually ${formatNumber(usual)}; the limit leaves ${formatNumber(usual * kept)} of it. So over the whole run no kernel moves by more than ${formatPercent(movement)} of itself. ` +
      "A limit is for spikes: a few times the usual norm leaves usual steps alone.",
    evidence: evidence({ clippedShare: share, kept, limit, gradientNorm: usual, movement }),
    fixes: fixesOf(model, kind, usual),
  };
};

function fixesOf(model: ResolvedModel, kind: (typeof kinds)[number], usual: number): readonly Fix[] {
  const path: ConfigPath = [...model.trainingPath, "clip"];
  const limit = niceNumber(room * usual);
  const kept = Object.fromEntries(
    kinds.flatMap((key) =>
      key === kind || model.training.clip[key] === null ? [] : [[key, model.training.clip[key]]],
    ),
  );
  return [
    {
      id: "raise-clip",
      title: `Raise the limit to ${formatNumber(limit)}, a few times the usual gradient`,
      edits: [{ path, value: { ...kept, [kind]: limit } }],
    },
    { id: "no-clip", title: "Do not clip the gradients", edits: [{ path, value: null }] },
  ];
}
