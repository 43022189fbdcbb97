/** Names of models, layers, columns and files that others chose, in every report. */

import fs from "node:fs";
import path from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { called } from "../../called.ts";
import { Fault, type Target, target } from "../target.ts";
import { trainOutcome } from "./trainOutcome.ts";

const hostile = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "](command:workbench.action.quit)",
  "[a](javascript:alert(1))",
  "$(trash) $(alert)",
  "`code` **bold** | cell",
  "\u001b[2J\u001b]0;title\u0007",
  "\u202egnirts",
  "a\nb\r\nc",
  "\u0085\u2028\u2029",
  "__proto__",
  "constructor",
  "../../../etc/passwd",
  "C:\\x",
  "%s %d {0} %x",
  "👩‍👩‍👧‍👦".repeat(30),
  " ",
  "a/b",
];

/** Names as somebody else may have chosen them; one in two is plain. */
export const strangeName: Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: fc.constant("plain") },
  fc.constantFrom(...hostile),
  fc.string({ minLength: 1, maxLength: 30, unit: "binary" }),
);

/** Characters with which a text could rule the reader's terminal, or reorder what it shows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not appear
export const ruling = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

export const names: Target = target({
  name: "names of others",
  share: 2,
  quick: 10,
  accepted: 0.2,
  inputs: () => fc.record({ model: strangeName, layer: strangeName, column: strangeName, file: strangeName }),
  open: (folder) => ({
    one: async ({ model, layer, column, file }) => {
      const safe = `${file.replace(/[/\\\p{Cc}]/gu, "_").slice(0, 40)}.csv`;
      const quoted = `"${column.replaceAll('"', '""')}"`;
      const rows = Array.from({ length: 40 }, (_, i) => `${Math.sin(i) + 2},${i % 7}`);
      fs.writeFileSync(path.join(folder, safe), [`${quoted},y`, ...rows].join("\n"));
      const config = {
        data: { file: safe, inputs: [column], targets: ["y"], window: 4 },
        training: { batchSize: 8, steps: 2 },
        models: {
          [model]: {
            layers: [
              { type: "simpleRNN", units: 2, name: layer },
              { type: "dense", units: 1 },
            ],
          },
        },
      };
      fs.writeFileSync(path.join(folder, "gradlens.json"), JSON.stringify(config));
      const { taken } = await trainOutcome(folder, ["--backend", "cpu"]);
      for (const args of [["train", "--backend", "cpu"], ["doctor"], ["train", "--backend", "cpu", "--sarif"]]) {
        const { out, err } = await called(folder, args);
        const found = ruling.exec(out + err);
        if (found) throw new Fault(`${args[0]} prints the character ${found[0].codePointAt(0)?.toString(16)}`);
      }
      fs.rmSync(path.join(folder, safe), { force: true });
      return taken;
    },
  }),
  shown: (input) => JSON.stringify(input),
});
