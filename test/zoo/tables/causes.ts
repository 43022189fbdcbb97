/** How often the first finding of a broken net is its cause. */

import type { Result } from "../evaluate.ts";
import { partOf, parts, ratio, table } from "./table.ts";

export function causes(results: readonly Result[]): readonly string[] {
  const asked = results.filter((r) => r.named !== null);
  const kinds = [...new Set(asked.map((r) => r.entry.kind))];
  const row = (kind: string, part: string, of: readonly Result[]): readonly string[] => {
    const right = of.filter((r) => r.named?.right).length;
    return [kind, part, ratio(right / of.length), String(right), String(of.length)];
  };
  const wrong = asked.flatMap(({ entry, half, named }) =>
    named && !named.right
      ? [`  ${entry.name} (${half}): ${named.first}; the cause is ${entry.cause?.codes.join(" or ")}`]
      : [],
  );
  return [
    "The cause is named first: the most severe finding of a broken net has the right code and place",
    table(
      ["", "", "share", "right", "broken"],
      [
        ...kinds.map((kind) =>
          row(
            kind,
            "both",
            asked.filter((r) => r.entry.kind === kind),
          ),
        ),
        ...parts.map((part, i) => row(i === 0 ? "all" : "", part, partOf(asked, part))),
      ],
    ),
    ...(wrong.length === 0 ? [] : ["Something else first:", ...wrong, ""]),
  ];
}
