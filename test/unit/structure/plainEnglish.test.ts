import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";
import { findConstructions } from "./plainEnglish.ts";

/** This file has to contain the constructions. */
const self = "test/unit/structure/plainEnglish.test.ts";
const folders = ["src", "webview", "test", "scripts", "tools", "docs", "python"];
const pages = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "package.json", "package.nls.json"];

/** Files with text that we wrote; fixtures come from other programs. */
function texts(): readonly string[] {
  const below = folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:[mc]?[jt]s|md|py|css)$/.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/")),
  );
  return [...below.filter((file) => !/(?:^|\/)(?:node_modules|fixtures)\//.test(file)), ...pages];
}

describe("comments, messages and pages", () => {
  it("are in plain English", () => {
    const files = texts();
    expect(files.length).toBeGreaterThan(800);
    const found = files
      .filter((file) => file !== self)
      .flatMap((file) =>
        findConstructions(fs.readFileSync(path.join(root, file), "utf8")).map(
          (hit) => `${file}:${hit.line} “${hit.found}”: write ${hit.instead}`,
        ),
      );
    expect(found).toEqual([]);
  });
});

describe("the search for constructions", () => {
  it.each([
    ["/** Of one sample: its shape. */", "/** Of "],
    ["/**\n   * Of a layer on its own it is known.\n   */", "/** Of "],
    ["/** Said of a batch that is too large. */", "/** Said "],
    ["// The layers, of which the last is known.", "of which"],
    ["/** The layers, of\n * which the last is known. */", "of which"],
    ["// As of then the loss counts.", "As of"],
    ["// A tensor, be it\n    // a weight or a state.", "be it"],
    ["// Arguments those are, no matter that they say so.", "no matter that"],
    ["// The order is of no account.", "of no account"],
    ["// What is read by way of the memory.", "by way of"],
    ["// The newest probe, whosever it is.", "whosever"],
    ["// It never rejects for want of a backend.", "for want of"],
    ["// A loss that there is not.", "that there is not"],
    ['throw new Error("A column is told of.");', "told of"],
    ["// Duplicates are told within an input only.", "told within"],
    ['    """Of x and y: the versions."""', '"""Of '],
    ["<p>Where VS Code cannot be, or is not to be had.</p>", "to be had"],
    ["// Refused, for it is too large.", "for it is"],
    ["// What came of it.", "came of it"],
  ])("finds %j", (text, found) => {
    expect(findConstructions(text).map((hit) => hit.found)).toEqual([found]);
  });

  it("names the line of each", () => {
    const text = "/** A layer. */\nconst a = 1;\n/** A shape, of\n * which the first is the batch. */\n// As of now.\n";
    expect(findConstructions(text).map(({ line }) => line)).toEqual([3, 5]);
  });

  it.each([
    "// The same regardless of which backend runs.",
    "/** One of the layers, whose output is the model's. */",
    "/** Offset of the first byte. */",
    "const of = which;",
    "// It was told, and of course it stopped.",
    "// Take care that there is nothing left.",
    "// The way of the gradient.",
  ])("leaves %j alone", (text) => {
    expect(findConstructions(text)).toEqual([]);
  });
});
