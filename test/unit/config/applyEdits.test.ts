import fc from "fast-check";
import { createScanner, parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { applyEdits, applyToText } from "../../../src/config/applyEdits.ts";
import type { ConfigEdit } from "../../../src/config/edit.ts";
import type { JsonPath, JsonValue } from "../../../src/config/resolved.ts";
import { applyTextEdits } from "../../../src/config/textEdits.ts";
import { budget } from "../../budget.ts";

const set = (path: JsonPath, value: JsonValue): ConfigEdit => ({ path, value });
const remove = (path: JsonPath): ConfigEdit => ({ path, value: undefined });

describe("applyEdits", () => {
  const text = `{
  // the task
  "data": { "task": "addingProblem", "length": 100 },
  "training": {
    "batchSize": 32, // fits the cache
    "steps": 10 /* few */
  },
  "models": {
    "a": {
      "layers": [
        { "type": "simpleRNN", "units": 4, "recurrentInitializer": { "type": "randomNormal" } },
        { "type": "dense", "units": 1 }, // the sum
      ],
    },
  },
}
`;

  it("replaces a value and nothing else", () => {
    const edits = applyEdits(text, [
      set(["models", "a", "layers", 0, "recurrentInitializer"], { type: "orthogonal", gain: 1 }),
    ]);
    expect(applyTextEdits(text, edits)).toBe(
      text.replace('{ "type": "randomNormal" }', '{ "type": "orthogonal", "gain": 1 }'),
    );
  });

  it("changes an object key by key, keeps its comments and lines, and leaves equal values alone", () => {
    const source = `{
  "clip": {
    "value": 3, // of each entry
    "norm": 2.0, // stays
    "unused": { "a": 1 }
  } // end
}`;
    expect(applyToText(source, [set(["clip"], { norm: 2, value: 1, globalNorm: 5 })])).toBe(`{
  "clip": {
    "value": 1, // of each entry
    "norm": 2.0, // stays
    "globalNorm": 5
  } // end
}`);
    expect(applyEdits(source, [set(["clip", "norm"], 2), set(["clip", "unused"], { a: 1 })])).toEqual([]);
  });

  it("adds a property to a one-line entry on that line", () => {
    expect(applyToText(text, [set(["models", "a", "layers", 1, "useBias"], false)])).toBe(
      text.replace('"units": 1 }', '"units": 1, "useBias": false }'),
    );
  });

  it("adds a property below the comment that belongs to the last one", () => {
    expect(applyToText(text, [set(["training", "clip", "globalNorm"], 1)])).toBe(
      text.replace('"steps": 10 /* few */', '"steps": 10, /* few */\n    "clip": { "globalNorm": 1 }'),
    );
  });

  it("keeps a trailing comma trailing", () => {
    expect(applyToText(text, [set(["diagnosis"], { requiredLag: 5 })])).toBe(
      text.replace("  },\n}\n", '  },\n  "diagnosis": { "requiredLag": 5 },\n}\n'),
    );
    expect(applyToText(text, [set(["models", "a", "layers", 2], { type: "flatten" })])).toBe(
      text.replace("// the sum\n", '// the sum\n        { "type": "flatten" },\n'),
    );
  });

  it("removes a property with its comma, and with its line if that becomes empty", () => {
    expect(applyToText(text, [remove(["data", "length"])])).toBe(text.replace(', "length": 100', ""));
    expect(applyToText(text, [remove(["data"])])).toBe(text.replace(/ {2}"data".*\n/, ""));
    expect(applyToText(text, [remove(["training", "batchSize"])])).toBe(text.replace('"batchSize": 32, ', ""));
  });

  it("returns several edits against the original text, in order and without overlap", () => {
    const edits = [
      set(["training", "clip"], { globalNorm: 1 }),
      set(["models", "a", "layers", 0, "type"], "lstm"),
      remove(["models", "a", "layers", 0, "recurrentInitializer"]),
      set(["training", "clip", "globalNorm"], 2),
    ];
    const result = applyEdits(text, edits);
    for (const [i, edit] of result.entries())
      if (i > 0) expect(edit.offset).toBeGreaterThanOrEqual(result[i - 1]!.offset + result[i - 1]!.length);
    const edited = applyTextEdits(text, result);
    expect(edited).toContain('"clip": { "globalNorm": 2 }');
    expect(edited).toContain('{ "type": "lstm", "units": 4 },');
  });

  it("uses the file's own indentation and line ends", () => {
    const tabs = '{\r\n\t"training": {\r\n\t\t"steps": 1\r\n\t}\r\n}\r\n';
    expect(applyToText(tabs, [set(["training", "seed"], 2)])).toBe(
      '{\r\n\t"training": {\r\n\t\t"steps": 1,\r\n\t\t"seed": 2\r\n\t}\r\n}\r\n',
    );
  });

  it("creates the parents of a value, and replaces a parent that cannot hold it", () => {
    expect(parse(applyToText("{}", [set(["a", "b"], 1)]))).toEqual({ a: { b: 1 } });
    expect(parse(applyToText('{ "a": 5 }', [set(["a", "b"], 1)]))).toEqual({ a: { b: 1 } });
    expect(parse(applyToText("", [set(["a"], 1)]))).toEqual({ a: 1 });
  });

  it("inserts into a list, below the previous item and its comment, on separate lines or within one", () => {
    const path = ["models", "a", "layers", 1];
    const edited = applyToText(text, [{ path, value: { type: "layerNormalization" }, insert: true }]);
    expect(edited).toContain(`"randomNormal" } },
        { "type": "layerNormalization" },
        { "type": "dense", "units": 1 }, // the sum`);
    const first = applyToText(text, [{ path: [...path.slice(0, -1), 0], value: { type: "flatten" }, insert: true }]);
    expect(first).toContain(`"layers": [
        { "type": "flatten" },
        { "type": "simpleRNN"`);
    expect(applyToText("[1, 2 /* two */]", [{ path: [1], value: 9, insert: true }])).toBe("[1, 9, 2 /* two */]");
    expect(applyToText("[\n  1, // one\n  2\n]", [{ path: [1], value: 9, insert: true }])).toBe(
      "[\n  1, // one\n  9,\n  2\n]",
    );
  });

  it("leaves a text that is not JSON, and missing values, alone", () => {
    expect(applyEdits('{ "a": ', [set(["a"], 1)])).toEqual([]);
    expect(applyEdits(text, [remove(["training", "clip"])])).toEqual([]);
    expect(applyEdits(text, [remove(["models", "a", "layers", 7])])).toEqual([]);
  });

  it("makes the edited value and keeps every comment, for any layout (property)", () => {
    fc.assert(
      fc.property(document, edits, (source, wanted) => {
        const before = JSON.parse(JSON.stringify(parse(source))) as JsonValue;
        const result = applyToText(source, wanted);
        const errors: never[] = [];
        expect(parse(result, errors, { allowTrailingComma: true })).toEqual(wanted.reduce(applied, before));
        expect(errors).toEqual([]);
        expect(commentsOf(result)).toEqual(commentsOf(source));
      }),
      { numRuns: budget(40, 1000, 120) },
    );
  });
});

/** The meaning of an edit, computed without text. */
function applied(root: JsonValue, { path, value }: ConfigEdit): JsonValue {
  const [segment, ...rest] = path;
  if (segment === undefined) return value ?? root;
  if (value === undefined) {
    if (typeof root !== "object" || root === null || !(segment in root)) return root;
    if (rest.length > 0) return replaced(root, segment, applied(Reflect.get(root, segment), { path: rest, value }));
    if (Array.isArray(root)) return root.filter((_, i) => i !== segment);
    return Object.fromEntries(Object.entries(root).filter(([key]) => key !== segment));
  }
  const isContainer =
    typeof segment === "number"
      ? Array.isArray(root)
      : typeof root === "object" && root !== null && !Array.isArray(root);
  const container: JsonValue = isContainer ? root : typeof segment === "number" ? [] : {};
  const inner: JsonValue =
    typeof container === "object" && container !== null && segment in container
      ? Reflect.get(container, segment)
      : null;
  return replaced(container, segment, applied(inner, { path: rest, value }));
}

function replaced(container: JsonValue, segment: string | number, value: JsonValue): JsonValue {
  if (Array.isArray(container)) {
    const copy = [...container];
    copy[Math.min(Number(segment), copy.length)] = value;
    return copy;
  }
  return { ...(container as object), [segment]: value };
}

function commentsOf(text: string): readonly string[] {
  const scanner = createScanner(text, false);
  const found: string[] = [];
  for (let token: number = scanner.scan(); token !== 17; token = scanner.scan())
    if (token === 12 || token === 13)
      found.push(text.substr(scanner.getTokenOffset(), scanner.getTokenLength()).trim());
  return found;
}

/**
 * Objects and lists printed with random blanks, line breaks, comments and trailing commas. Values that an edit may
 * remove contain no comment.
 */
const key = fc.constantFrom("a", "b", "c");
const scalar = fc.oneof(fc.integer(), fc.constantFrom('"x"', "true", "null").map(String));
const gap = fc.constantFrom("", " ", "\n", "\n  ");
const comment = fc.constantFrom("", "", "", " // one\n", " /* two */ ", "\n// three\n");
const leaf = fc.oneof(
  scalar.map(String),
  fc.array(scalar.map(String), { maxLength: 2 }).map((list) => `[${list.join(", ")}]`),
  fc.uniqueArray(key, { maxLength: 2 }).map((keys) => `{${keys.map((k) => `"${k}": 1`).join(", ")}}`),
);
const document = fc
  .tuple(
    fc.uniqueArray(fc.tuple(key, leaf, gap, comment, comment, comment), { maxLength: 3, selector: ([k]) => k }),
    gap,
    comment,
    fc.boolean(),
  )
  .map(([entries, close, last, trailing]) => {
    const body = entries.map(([k, v, g, before, between, after], i) => {
      const comma = i < entries.length - 1 || trailing ? "," : "";
      return `${g}${before}"${k}": ${v}${between}${comma}${after}`;
    });
    return `{${body.join("")}${last}${close}}`;
  });
const path = fc.oneof(
  key.map((k): JsonPath => [k]),
  fc.tuple(key, key).map(([k, l]): JsonPath => [k, l]),
  fc.tuple(key, fc.integer({ min: 0, max: 3 })).map(([k, i]): JsonPath => [k, i]),
);
const value = fc.constantFrom<JsonValue | undefined>(undefined, 7, "y", { type: "z", n: [1, 2] }, []);
const edits = fc.array(fc.record({ path, value }), { minLength: 1, maxLength: 4 });
