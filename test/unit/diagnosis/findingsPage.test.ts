import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { diagnosisDefaults } from "../../../src/config/defaults.ts";
import { findingCodes } from "../../../src/protocol/finding.ts";

const pages = ["docs/findings.md", "docs/findings.zh-CN.md"] as const;
const english = fs.readFileSync(pages[0], "utf8");
const chinese = fs.readFileSync(pages[1], "utf8");

describe.each(pages)("%s", (file) => {
  const page = fs.readFileSync(file, "utf8");

  it("has an anchor for each code, and no other", () => {
    const headings = [...page.matchAll(/^## ([a-z-]+)$/gm)].map((m) => m[1]);
    expect(headings.toSorted()).toEqual(findingCodes.toSorted());
  });

  it.each(findingCodes)("%s: an existing picture, and each threshold's default", (code) => {
    const section = page.slice(page.indexOf(`## ${code}\n`)).split(/\n## /)[0] ?? "";
    const picture = /!\[[^\]]{12,}\]\((findings\/[^)]+\.svg)\)/.exec(section)?.[1];
    expect(fs.readFileSync(`docs/${picture}`, "utf8")).toMatch(/^<svg .*role="img" aria-label="/);
    const rules: { readonly [code: string]: object } = diagnosisDefaults;
    for (const [key, value] of Object.entries(rules[code] ?? {})) {
      const said = new RegExp(`\`${key}\` (\\S+)`, "g");
      const stated = [...section.matchAll(said)].map((m) => Number(m[1]));
      expect(stated, key).toContain(value);
    }
  });
});

/** What both pages have in the same order: levels of headings, codes, pictures, and rows of tables. */
function structure(page: string): readonly string[] {
  return page.split("\n").flatMap((line) => {
    const [, level, title = ""] = /^(#+) (.*)$/.exec(line) ?? [];
    if (level !== undefined) return [`${level} ${/^[a-z-]+$/.test(title) ? title : ""}`];
    const picture = /\]\((findings\/[\w-]+\.svg)\)/.exec(line)?.[1];
    if (picture !== undefined) return [picture];
    return line.startsWith("|") ? [`${line.replaceAll("\\|", "").split("|").length - 2} cells`] : [];
  });
}

describe("the Chinese page", () => {
  it("has the sections, pictures and tables of the English one", () => {
    expect(structure(chinese)).toEqual(structure(english));
  });

  it("has the same figures in its tables of results", () => {
    const figures = (page: string) =>
      page
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .map((line) => (line.match(/\d\.\d+/g) ?? []).sort());
    expect(figures(chinese)).toEqual(figures(english));
  });

  it("links only to headings that it has", () => {
    const anchors = [...chinese.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title.toLowerCase().replaceAll(" ", "-"),
    );
    const links = [...chinese.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((anchor) => !anchors.includes(anchor ?? ""))).toEqual([]);
  });
});
