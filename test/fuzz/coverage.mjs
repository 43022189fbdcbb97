/**
 * Marks the branches of the readers for the search that follows coverage: every block, every side of a condition and every
 * body of a function counts how often it runs, in one array of the process. Done on the text, before esbuild reads it, so
 * that the search needs neither a native fuzzer nor the profiler, which takes longer than a small input.
 */

import fs from "node:fs";
import { parseAst } from "vite";

/** Counts of a process: one for each mark that all sources may have. */
const mostMarks = 2 ** 16;

/** Readers of what others wrote. */
const marked = /[\\/]src[\\/](?:config|tensorboard|engine[\\/](?:formats|reading))[\\/].*\.ts$/;

/** @returns {import("esbuild").Plugin} */
export function coverage() {
  let next = 0;
  return {
    name: "coverage",
    setup(build) {
      build.onLoad({ filter: marked }, ({ path }) => {
        const { text, marks } = withMarks(fs.readFileSync(path, "utf8"), next);
        next += marks;
        if (next > mostMarks) throw new Error("There are more marks than counts.");
        const counts = `const $marks = globalThis.$marks ??= new Uint32Array(${mostMarks});`;
        return {
          contents: `${counts}globalThis.$marked = (globalThis.$marked ?? 0) + ${marks};\n${text}`,
          loader: "ts",
        };
      });
    },
  };
}

/** The text of a source with marks, numbered from `first`. */
export function withMarks(source, first) {
  const edits = [];
  let marks = 0;
  const mark = () => `$marks[${first + marks++}]++`;
  const around = ({ start, end }, open, close) => edits.push([start, open], [end, close]);
  const expression = (node) => around(node, `(${mark()}, `, ")");
  const statement = (node) => {
    if (node?.type === "BlockStatement") edits.push([node.start + 1, `${mark()};`]);
    else if (node) around(node, `{${mark()};`, "}");
  };
  const visit = (node) => {
    if (Array.isArray(node)) for (const one of node) visit(one);
    if (typeof node?.type !== "string") return;
    branchesOf(node, expression, statement, edits, mark);
    for (const value of Object.values(node)) if (typeof value === "object" && value !== null) visit(value);
  };
  visit(parseAst(source, { lang: "ts" }));
  return { text: edited(source, edits), marks };
}

function branchesOf(node, expression, statement, edits, mark) {
  switch (node.type) {
    case "ConditionalExpression":
      expression(node.consequent);
      expression(node.alternate);
      return;
    case "LogicalExpression":
      expression(node.right);
      return;
    case "ArrowFunctionExpression":
      if (node.body.type === "BlockStatement") statement(node.body);
      else expression(node.body);
      return;
    case "IfStatement":
      statement(node.consequent);
      statement(node.alternate);
      return;
    case "SwitchCase":
      if (node.consequent[0]) edits.push([node.consequent[0].start, `${mark()};`]);
      return;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "CatchClause":
    case "ForStatement":
    case "ForOfStatement":
    case "ForInStatement":
    case "WhileStatement":
      statement(node.body);
  }
}

/** What is inserted at one place stands in the order in which it came; what closes the inner node comes first. */
function edited(source, edits) {
  const closes = ([, text]) => text === ")" || text === "}";
  const ordered = edits
    .map((edit, i) => ({ edit, i }))
    .sort((a, b) => {
      if (a.edit[0] !== b.edit[0]) return a.edit[0] - b.edit[0];
      if (closes(a.edit) !== closes(b.edit)) return closes(a.edit) ? -1 : 1;
      return closes(a.edit) ? b.i - a.i : a.i - b.i;
    });
  let text = "";
  let at = 0;
  for (const { edit } of ordered) {
    text += source.slice(at, edit[0]) + edit[1];
    at = edit[0];
  }
  return text + source.slice(at);
}
