import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyToText } from "../../../src/config/applyEdits.ts";
import { LineIndex, lineEndOf, lineStart, nextLine } from "../../../src/config/lines.ts";
import { parseConfig } from "../../../src/config/parse.ts";

const text = fc
  .array(fc.constantFrom("a", "\n", "\r", "\r\n", "é", " "), { maxLength: 30 })
  .map((parts) => parts.join(""));

describe("lines", () => {
  it("end as in JSON and editors, including a lone carriage return (property)", () => {
    fc.assert(
      fc.property(text, (content) => {
        const index = new LineIndex(content);
        const lines = content.split(/\r\n|\n|\r/);
        const ends = content.match(/\r\n|\n|\r/g) ?? [];
        let offset = 0;
        for (const [i, line] of lines.entries()) {
          for (let column = 0; column <= line.length; column++)
            expect(index.position(offset + column)).toEqual({ line: i + 1, column: column + 1 });
          expect(lineStart(content, offset + line.length)).toBe(offset);
          const end = ends[i];
          expect(nextLine(content, offset)).toBe(end === undefined ? null : offset + line.length + end.length);
          expect(index.isBroken(offset, line.length)).toBe(false);
          if (end !== undefined) expect(index.isBroken(offset, line.length + end.length)).toBe(true);
          offset += line.length + (end?.length ?? 0);
        }
      }),
    );
  });

  it("have the text's own line end", () => {
    expect([..."\n\r"].map((end) => lineEndOf(`a${end}b`))).toEqual(["\n", "\r"]);
    expect(lineEndOf("a\r\nb")).toBe("\r\n");
    expect(lineEndOf("a\rb\nc")).toBe("\n");
    expect(lineEndOf("")).toBe("\n");
  });

  const config = `{
  "data": { "task": "addingProblem", "length": 9 }, // short
  "training": {
    "steps": 5,
    "seed": 2
  },
  "models": { "m": { "layers": [{ "type": "dense", "units": 1 }] } }
}
`;

  it.each(["\r", "\r\n"])("are kept by edits: %j", (end) => {
    const edits = [
      { path: ["training", "clip", "globalNorm"], value: 1 },
      { path: ["training", "seed"], value: undefined },
      { path: ["models", "m", "training"], value: { steps: 3 } },
      { path: ["data", "seed"], value: 4 },
      { path: ["diagnosis"], value: { requiredLag: 3 } },
    ];
    const others = config.replaceAll("\n", end);
    expect(applyToText(others, edits)).toBe(applyToText(config, edits).replaceAll("\n", end));
  });

  it("do not change where a problem is shown", () => {
    const wrong = config.replace('{ "layers"', '{\n "layers": 1,\n"layer"');
    const at = (content: string) => {
      const { problems, rangeOf } = parseConfig(content);
      return problems.map((p) => ({ ...rangeOf(p.path, p.on), ...p }));
    };
    expect(at(wrong).length).toBeGreaterThan(0);
    expect(at(wrong.replaceAll("\n", "\r"))).toEqual(at(wrong));
  });
});
