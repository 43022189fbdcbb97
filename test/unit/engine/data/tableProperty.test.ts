/** Randomly written tables are read back as the original numbers. */

import { expect, test } from "vitest";
import { createRandom, type Random } from "../../../../src/engine/data/random.ts";
import { budget } from "../../../budget.ts";
import { loadTable } from "./tableFile.ts";

const marks = ["", "NA", "n/a", "?", "NaN", "null", "-"];

interface Style {
  readonly separator: string;
  readonly decimal: string;
  readonly thousands: string;
  readonly indian: boolean;
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.integer(items.length)]!;
}

function grouped(digits: string, { thousands, indian }: Style): string {
  if (thousands === "" || digits.length < 4) return digits;
  const last = digits.slice(-3);
  const groups: string[] = [];
  const size = indian ? 2 : 3;
  for (let to = digits.length - 3; to > 0; to -= size) groups.unshift(digits.slice(Math.max(0, to - size), to));
  return [...groups, last].join(thousands);
}

/** A number with up to eight digits before its mark and two after it. */
function written(value: number, style: Style): string {
  const [whole = "", fraction = ""] = Math.abs(value).toFixed(2).split(".");
  return `${value < 0 ? "-" : ""}${grouped(whole, style)}${style.decimal}${fraction}`;
}

test("with any separator, marks, quotes and missing values", async () => {
  const random = createRandom(11);
  for (let n = 0; n < budget(10, 1000, 30); n++) {
    const separator = pick(random, [",", ";", "\t", "|", " "]);
    const decimal = pick(random, [".", ","]);
    const thousands = pick(random, ["", decimal === "." ? "," : ".", "'", ...(separator === " " ? [] : [" "])]);
    const style: Style = { separator, decimal, thousands, indian: random.integer(4) === 0 };
    const end = pick(random, ["\n", "\r\n"]);
    const quoted = random.integer(3) === 0;
    const cell = (text: string): string => (quoted || text.includes(separator) ? `"${text}"` : text);
    // Between blanks, an empty cell cannot exist.
    const missing = separator === " " ? marks.slice(1) : marks;
    const rows = Array.from({ length: 3 + random.integer(20) }, () =>
      Array.from({ length: 3 }, () => Math.round((random.uniform() - 0.3) * 10 ** (3 + random.integer(8))) / 100 + 0),
    );
    const gaps = rows.map(() => random.integer(4) === 0);
    const lines = [
      ["a", "b", "a name"].map((name) => (name.includes(separator) ? `"${name}"` : cell(name))),
      ...rows.map((row, i) =>
        row.map((value, k) => cell(k === 0 && gaps[i] ? pick(random, missing) : written(value, style))),
      ),
    ];
    const trailing = separator !== " " && random.integer(4) === 0 ? separator : "";
    const footer = random.integer(4) === 0 ? `${end}${end}Source${end}` : end.repeat(random.integer(3));
    const content = `${random.integer(2) ? "\ufeff" : ""}${lines.map((line) => line.join(separator) + trailing).join(end)}${footer}`;
    const { data, problems } = await loadTable(content, { targets: ["b"], missing: { fill: "drop" } });
    const kept = rows.filter((_, i) => !gaps[i]);
    const told = `${JSON.stringify(content)}\n${problems.map(({ message }) => message).join("\n")}`;
    if (kept.length === 0) expect(data, told).toBeNull();
    else {
      expect(data, told).not.toBeNull();
      expect([...data!.inputs], told).toEqual(kept.map(([a]) => Math.fround(a!)));
      expect([...data!.targets], told).toEqual(kept.map(([, b]) => Math.fround(b!)));
    }
  }
});
