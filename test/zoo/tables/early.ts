/** Prediction of failure: from the figures of the gradients, and from the loss curve alone. */

import type { Result } from "../evaluate.ts";
import { shares } from "../saveEntry.ts";
import { scoreOf } from "../score.ts";
import { partOf, parts, scoreCells, scoreHead, table } from "./table.ts";

const whos = { ours: "ours", loss: "loss alone" } as const;

export function early(results: readonly Result[]): readonly string[] {
  return [
    "“This net will not learn”, reported early: by us, and by the loss curve alone",
    table(
      ["share of budget, half", "by", ...scoreHead],
      shares.flatMap((share, i) =>
        parts.flatMap((part) =>
          (["ours", "loss"] as const).map((who) => {
            const predictions = partOf(results, part).flatMap((r) => r.early?.[i]?.[who] ?? []);
            return [who === "ours" ? `${share * 100} %, ${part}` : "", whos[who], ...scoreCells(scoreOf(predictions))];
          }),
        ),
      ),
    ),
  ];
}
