import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findingSection } from "../../../src/host/inline/findingSection.ts";
import { findingCodes } from "../../../src/protocol/finding.ts";

const file = (name: string): string => fs.readFileSync(path.join("docs", name), "utf8");

describe.each(["findings.md", "findings.zh-CN.md"])("the document of a finding, from %s", (page) => {
  const documentation = file(page);

  it.each(findingCodes)("%s has its section alone, with its picture and no link to another place", (code) => {
    const text = findingSection(documentation, code, file);
    expect(text.startsWith(`# ${code}\n`)).toBe(true);
    expect(text.length).toBeGreaterThan(300);
    expect(text).not.toMatch(/^## /m);
    const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = ""]) => target);
    expect(targets.filter((target) => !/^(?:data:image|https:)/.test(target))).toEqual([]);
  });

  it("is a title alone if there is no such section", () => {
    expect(findingSection("# Findings", "padding", file)).toBe("# padding\n");
  });
});
