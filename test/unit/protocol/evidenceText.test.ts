import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { evidenceText, isNamed } from "../../../src/protocol/evidenceText.ts";

/** The names in the object literals that rules give as evidence. */
function keysOf(source: string): readonly string[] {
  return [...source.matchAll(/evidence(?:: evidence\(|: |\()\{/g)].flatMap((match) => {
    const start = match.index + match[0].length;
    let depth = 1;
    let end = start;
    for (; depth > 0 && end < source.length; end++) {
      if ("{([".includes(source[end] ?? "")) depth++;
      if ("})]".includes(source[end] ?? "")) depth--;
    }
    let level = 0;
    const top = [...source.slice(start, end - 1)].filter((c) => {
      if ("})]".includes(c)) level--;
      const keep = level === 0;
      if ("{([".includes(c)) level++;
      return keep;
    });
    return top
      .join("")
      .split(",")
      .flatMap((entry) => /^\s*([a-zA-Z]+)\s*(?::|$)/.exec(entry)?.[1] ?? []);
  });
}

describe("the numbers behind a finding", () => {
  it("all have a name and a unit", () => {
    const files = fs
      .readdirSync("src/diagnosis", { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => fs.readFileSync(path.join("src/diagnosis", file), "utf8"));
    const keys = [...new Set(files.flatMap(keysOf))];
    expect(keys).toEqual(expect.arrayContaining(["horizonEarlier", "survivalDecades", "lowestOutput", "limit"]));
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => !isNamed(key))).toEqual([]);
  });

  it("are written with it", () => {
    expect(evidenceText("horizon", 34)).toEqual({ name: "gradient reaches", text: "34 timesteps" });
    expect(evidenceText("survivalDecades", -99)).toEqual({
      name: "what survives to timestep 1",
      text: "−99.0 decades",
    });
    expect(evidenceText("share", 0.625).text).toBe("62.5 %");
    expect(evidenceText("gradientNorm", Number.NaN).text).toBe("NaN");
    expect(evidenceText("somethingNew", 2)).toEqual({ name: "something new", text: "2" });
    expect(evidenceText("toString", 1).name).toBe("to string");
  });
});
