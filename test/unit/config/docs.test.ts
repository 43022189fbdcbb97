import fs from "node:fs";
import { expect, it } from "vitest";
import { configPage } from "../../../tools/docs/configPage.ts";

it("docs/config.md matches the schema (npm run docs)", () => {
  expect(fs.readFileSync("docs/config.md", "utf8")).toBe(configPage());
});
