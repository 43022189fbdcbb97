/** Precision and recall of every finding. */

import { findingCodes } from "../../../src/protocol/finding.ts";
import type { Result } from "../evaluate.ts";
import { scoreOf } from "../score.ts";
import { partOf, parts, scoreCells, scoreHead, table } from "./table.ts";

export function findings(results: readonly Result[]): readonly string[] {
  const wrong = results.flatMap(({ entry, predictions, half }) =>
    [...predictions]
      .filter(([, { truth, predicted }]) => truth !== predicted)
      .map(([code, { truth }]) => `  ${truth ? "missed" : "false alarm"}: ${code} of ${entry.name} (${half})`),
  );
  return [
    "Findings: what the rules say after full training, and what is true",
    table(
      ["", "", ...scoreHead],
      findingCodes.flatMap((code) =>
        parts
          .flatMap((part) => {
            const predictions = partOf(results, part).flatMap((r) => r.predictions.get(code) ?? []);
            return predictions.length === 0 ? [] : [[part, ...scoreCells(scoreOf(predictions))]];
          })
          .map((cells, i) => [i === 0 ? code : "", ...cells]),
      ),
    ),
    ...(wrong.length === 0 ? [] : ["Wrong:", ...wrong, ""]),
  ];
}
