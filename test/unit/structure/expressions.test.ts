import { describe, expect, it } from "vitest";
import { budget, sampled } from "../../budget.ts";
import { type Expression, expressionsOf } from "./expressionsOf.ts";

const { literals, made } = expressionsOf(["src", "webview"]);

/** Each that may take long, once. Without a repetition of any length, the work at each position is limited. */
const timed = new Map(
  literals
    .filter(({ pattern }) => /[*+]|\{\d+,\}/.test(pattern))
    .map((expression) => [`/${expression.pattern}/${expression.flags}`, expression]),
);

describe("regular expressions", () => {
  it("are found", () => {
    expect(literals.length).toBeGreaterThan(60);
    expect(literals).toContainEqual(expect.objectContaining({ file: "src/engine/formats/table/numberFormat.ts" }));
  });

  it("are literals, so that they can be timed, except for the names of channels", () => {
    expect(made).toEqual(["src/protocol/frame.ts"]);
  });

  it.each([...timed].map(([text, expression]) => [text, expression.file, expression] as const))(
    "%s of %s takes linear time",
    (_, __, expression) => {
      expect(slowest(expression, budget(10, 1))).toEqual(null);
    },
  );

  const slow = [
    String.raw`^[+-]?(?:\d+\.?\d*|\.\d+)$`,
    String.raw`(\.\d*?)0*(?=e|$)`,
    String.raw`\$\([^)]*\) `,
    String.raw`\s+$`,
    "^(a+)+$",
    String.raw`^(\w+\s?)*$`,
  ];
  it.each(sampled(slow, 4, 0, 2))("are detected if they are not linear: %s", (pattern) => {
    expect(slowest({ file: "", pattern, flags: "g" }, budget(10, 1))).not.toBeNull();
  });
});

/** Texts to repeat: characters that expressions distinguish, and the literal parts of this one. */
const units = [
  "a",
  "A",
  "1",
  "0",
  ".",
  " ",
  "\t",
  "\n",
  "\r",
  "\\",
  "/",
  "-",
  "_",
  ",",
  '"',
  "'",
  "(",
  "[",
  "$",
  "é",
  "a ",
  "1,",
  "a.",
  "../",
  "a_1",
  " a",
  "\ta",
  "Aa",
  "\u0000",
];
const ends = ["", "x", "!", "\n", "\u0000", "1x", "e"];

/** The input for which an expression takes more than linear time; null if none was found. */
function slowest(expression: Expression, step = 1): string | null {
  const literal = literalParts(expression.pattern);
  const repeated = [...units, ...literal, ...literal.map((part) => `${part}a`)];
  const starts = ["", "a", "\n", ...literal];
  let tried = 0;
  for (const unit of repeated)
    for (const start of starts)
      for (const end of ends) {
        if (tried++ % step !== 0) continue;
        const text = (size: number) => start + unit.repeat(Math.ceil(size / unit.length)) + end;
        if (grows(expression, text)) return JSON.stringify([start, unit, end]);
      }
  return null;
}

/** Literal parts of a pattern, for example `Did you mean "` and `gradlens.json`. */
function literalParts(pattern: string): readonly string[] {
  const plain = pattern.replace(/\\([.$()[\]/\\+*?{}|^])/g, (_, char: string) => encoded(char));
  const parts = plain.split(/[\\.*+?^$()[\]{}|]+/).map((part) => part.replace(/[\ue000-\ue07f]/g, decoded));
  return [...new Set(parts.filter((part) => part.length > 0 && part.length < 30))].slice(0, 12);
}

function encoded(char: string): string {
  return String.fromCharCode(0xe000 + char.charCodeAt(0));
}

function decoded(char: string): string {
  return String.fromCharCode(char.charCodeAt(0) - 0xe000);
}

/**
 * True if sixteen times the text repeatedly takes far more than sixteen times as long. Small sizes come first, because
 * some expressions are exponential.
 */
function grows(expression: Expression, text: (size: number) => string): boolean {
  const shortest = text(22);
  if ([1, 2, 3].every(() => timeOf(expression, shortest) > 8)) return true;
  const large = text(4000);
  // So short that even quadratic time would not matter.
  if (timeOf(expression, large) < 0.5) return false;
  const small = text(250);
  for (let i = 0; i < 4; i++) {
    const one = repeatedTime(expression, small);
    if (timeOf(expression, large) / one < 80) return false;
  }
  return true;
}

/** Processor time of this process in milliseconds; other processes of a busy machine do not count. */
function timeOf({ pattern, flags }: Expression, text: string): number {
  const expression = new RegExp(pattern, flags);
  const begun = process.cpuUsage();
  text.replace(expression, "");
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

/** Milliseconds of one match, as the mean of many: a single one is too short to be timed. */
function repeatedTime(expression: Expression, text: string): number {
  const times = 64;
  const begun = process.cpuUsage();
  for (let i = 0; i < times; i++) timeOf(expression, text);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000 / times;
}
