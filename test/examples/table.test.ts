import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { exampleNames } from "../../src/messages/exampleNames.ts";
import { examples } from "../../tools/examples/claims.ts";
import { exampleConfig } from "../../tools/examples/runExample.ts";
import { examplesTable, tableIn } from "../../tools/examples/table.ts";
import { root } from "../../tools/root.ts";
import { modelsOf } from "./hold.ts";

// Developers may have a .vscode folder beside them.
const folders = fs
  .readdirSync(path.join(root, "examples"))
  .filter((name) => fs.existsSync(exampleConfig(name)))
  .sort();

it("every example has a claim", () => {
  expect(Object.keys(examples)).toEqual(folders);
  expect(exampleNames).toEqual(folders);
});

it.each(exampleNames)("every model of %s is in exactly one claim", (folder) => {
  const claimed = examples[folder].claims.flatMap((claim) => claim.models);
  expect(claimed.toSorted()).toEqual(
    modelsOf(folder)
      .map((m) => m.name)
      .toSorted(),
  );
});

it("the README's table matches the tested claims (npm run docs writes it)", () => {
  expect(tableIn(fs.readFileSync(path.join(root, "README.md"), "utf8"))).toBe(examplesTable());
});
