import { describe, expect, it } from "vitest";
import { jsonText } from "../../../../src/engine/formats/jsonText.ts";

const lines = Array.from({ length: 12 }, (_, i) => `{"t": ${i}, "x": [${i}]}`);

/** The reason why these lines are refused, or the JSON that they become. */
function read(...given: readonly string[]): string {
  const text = jsonText(new TextEncoder().encode(given.join("\n")), '"a.jsonl"', null);
  return "fault" in text ? text.fault : new TextDecoder().decode(text.bytes);
}

describe("JSON Lines", () => {
  it("become one list", () => {
    expect(JSON.parse(read(...lines))).toEqual(lines.map((line): unknown => JSON.parse(line)));
  });

  it.each([
    ["ends early", [...lines, '{"t": 12, "x": '], 13],
    ["is no JSON", [...lines, "oops", ...lines], 13],
    ["lacks its name's quote", [...lines.slice(0, 5), '{t": 5}', ...lines], 6],
    ["has two values", [...lines.slice(0, 5), "{} {}", ...lines], 6],
  ])("are refused at the line that %s", (_, given, line) => {
    expect(read(...given)).toContain(`(line ${line}, column `);
  });

  it("are not one value with something behind it", () => {
    expect(read('{"a": 1}', "oops")).toContain("(line 2, column 1): there is something after its end");
  });
});
