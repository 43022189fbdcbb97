import fs from "node:fs";
import { expect, it } from "vitest";
import { configPage } from "../../../tools/docs/configPage.ts";
import { settingsPages } from "../../../tools/docs/settingsTable.ts";

it("docs/config.md matches the schema (npm run docs)", () => {
  expect(fs.readFileSync("docs/config.md", "utf8")).toBe(configPage());
});

it("the READMEs list the settings of package.json (npm run docs)", () => {
  const read = (file: string) => fs.readFileSync(file, "utf8");
  for (const [file, text] of settingsPages(read)) {
    expect(read(file)).toBe(text);
    expect(text.match(/^\| `gradlens\./gm)?.length).toBeGreaterThan(10);
  }
});
