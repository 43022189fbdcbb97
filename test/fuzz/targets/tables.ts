/** CSV tables: written in any of the ways of the world with known numbers, then damaged or not. */

import fs from "node:fs";
import path from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { readTable } from "../../../src/engine/formats/table/readTable.ts";
import type { TableQuestion } from "../../../src/engine/formats/table/tableQuestion.ts";
import { mutatedText } from "../mutate.ts";
import { checkMessage, Fault, type Taken, type Target, target } from "../target.ts";

interface Written {
  readonly text: string;
  /** The numbers of the columns `a` and `b`, if the text is undamaged. */
  readonly truth: readonly (readonly number[])[] | null;
  readonly asked: Pick<TableQuestion, "separator" | "decimal">;
}

/** How a table is written. */
const manner = fc.record({
  separator: fc.constantFrom(",", ";", "\t", "|"),
  comma: fc.boolean(),
  ending: fc.constantFrom("\n", "\r\n", "\r"),
  mark: fc.boolean(),
  quoted: fc.boolean(),
  trailing: fc.boolean(),
  dates: fc.boolean(),
  footer: fc.constantFrom("", "\n\n", "\r\n"),
  named: fc.boolean(),
});

const numbers = fc.array(fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -999, max: 999 })), {
  minLength: 3,
  maxLength: 12,
});

const sound: Arbitrary<Written> = fc.tuple(manner, numbers).map(([how, rows]) => {
  // A comma that separates columns cannot be the decimal mark, too.
  const decimal = how.comma && how.separator !== "," ? "," : ".";
  // A digit after the mark that is neither 0 nor one of three keeps thousands out of the question.
  const cell = (n: number) => {
    const text = `${n}.25`.replace(".", decimal);
    return how.quoted ? `"${text}"` : text;
  };
  const line = (cells: readonly string[]) => cells.join(how.separator) + (how.trailing ? how.separator : "");
  const day = (i: number) => new Date(Date.UTC(2021, 0, 1 + i)).toISOString().slice(0, 10);
  const head = line([...(how.dates ? ["day"] : []), "a", "b"]);
  const body = rows.map(([a, b], i) => line([...(how.dates ? [day(i)] : []), cell(a), cell(b)]));
  const named = how.named ? { separator: how.separator, decimal } : { separator: null, decimal: null };
  const value = (n: number) => Number(`${n}.25`);
  return {
    text: (how.mark ? "\ufeff" : "") + [head, ...body].join(how.ending) + how.ending + how.footer,
    truth: [rows.map(([a]) => value(a)), rows.map(([, b]) => value(b))],
    asked: { separator: named.separator, decimal: named.decimal } as Written["asked"],
  };
});

const damaged: Arbitrary<Written> = sound.chain((written) =>
  mutatedText([written.text], 3).map((text) => ({
    ...written,
    text,
    truth: text === written.text ? written.truth : null,
  })),
);

export const tables: Target = target({
  name: "CSV tables",
  share: 10,
  quick: 200,
  accepted: 0.3,
  inputs: () => fc.oneof(sound, { weight: 3, arbitrary: damaged }),
  open: (folder) => ({
    one: async ({ text, truth, asked }): Promise<Taken> => {
      const file = path.join(folder, "t.csv");
      fs.writeFileSync(file, text);
      const read = await readTable({ ...usual, ...asked, file });
      if ("columns" in read) {
        for (const words of [...read.notes, ...read.remarks.map(({ message }) => message)])
          checkMessage(words, "a note of a table");
        const found = read.columns.map((column) => [...column]);
        if (found.length !== 2 || found.some(({ length }) => length !== read.rows))
          throw new Fault("columns are ragged");
        if (truth && JSON.stringify(found) !== JSON.stringify(truth))
          throw new Fault(`other numbers were read: ${JSON.stringify(found).slice(0, 200)}`);
        return "accepted";
      }
      if (read.length === 0) throw new Fault("refused without a fault");
      for (const { message } of read) checkMessage(message, "a table");
      if (truth) throw new Fault(`a sound table is refused: ${read[0]?.message}`);
      return "refused";
    },
  }),
  shown: ({ text }) => text,
  again: (bytes, like) => ({ ...like, text: Buffer.from(bytes).toString(), truth: null }),
});

const usual: TableQuestion = {
  file: "",
  shown: "t.csv",
  wanted: ["a", "b"],
  encoding: null,
  separator: null,
  decimal: null,
  thousands: null,
  header: null,
  list: null,
  marks: [],
  fills: false,
  labels: null,
  targets: [1],
  words: [],
  where: [],
  series: [],
  orderBy: [],
  dayFirst: null,
};
