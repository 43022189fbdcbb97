import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";

const configs = fs
  .readdirSync("examples", { recursive: true, encoding: "utf8" })
  .filter((file) => /gradlens\.json$/.test(file));

it("the examples have no problems", () => {
  expect(configs.length).toBeGreaterThan(3);
  for (const file of configs)
    expect(parseConfig(fs.readFileSync(path.join("examples", file), "utf8")).problems, file).toEqual([]);
});
