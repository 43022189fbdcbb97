/** The rules of other engines on the same runs. */

import type { Result } from "../evaluate.ts";
import { rivals } from "../rivals.ts";
import { scoreOf } from "../score.ts";
import { scoreCells, scoreHead, table } from "./table.ts";

export function others(results: readonly Result[]): readonly string[] {
  return [
    "Rules of other engines, on the same runs",
    table(
      ["", "says", ...scoreHead],
      rivals.map(({ name, code }) => {
        const predictions = results.flatMap((r) => r.rivals.get(name) ?? []);
        return [name, code, ...scoreCells(scoreOf(predictions))];
      }),
    ),
  ];
}
