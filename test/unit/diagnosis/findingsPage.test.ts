import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { diagnosisDefaults } from "../../../src/config/defaults.ts";
import { findingCodes } from "../../../src/protocol/finding.ts";

const page = fs.readFileSync("docs/findings.md", "utf8");

describe("docs/findings.md", () => {
  it("has an anchor for each code, and no other", () => {
    const headings = [...page.matchAll(/^## (\S+)$/gm)].map((m) => m[1]);
    expect(headings.toSorted()).toEqual(findingCodes.toSorted());
  });

  it.each(findingCodes)("%s: an existing picture, and each threshold's default", (code) => {
    const section = page.slice(page.indexOf(`## ${code}\n`)).split(/\n## /)[0] ?? "";
    const picture = /!\[[^\]]{20,}\]\((findings\/[^)]+\.svg)\)/.exec(section)?.[1];
    expect(fs.readFileSync(`docs/${picture}`, "utf8")).toMatch(/^<svg .*role="img" aria-label="/);
    const rules: { readonly [code: string]: object } = diagnosisDefaults;
    for (const [key, value] of Object.entries(rules[code] ?? {})) {
      const said = new RegExp(`\`${key}\` (\\S+)`, "g");
      const stated = [...section.matchAll(said)].map((m) => Number(m[1]));
      expect(stated, key).toContain(value);
    }
  });
});
