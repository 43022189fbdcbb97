/** Texts of configs, damaged anywhere: what the editor reads at each pause. */

import { applyEdits } from "../../../src/config/applyEdits.ts";
import { modelOutline } from "../../../src/config/outline.ts";
import { type ParsedConfig, parseConfig } from "../../../src/config/parse.ts";
import type { Problem } from "../../../src/config/problem.ts";
import { applyTextEdits } from "../../../src/config/textEdits.ts";
import { exampleTexts } from "../corpus.ts";
import { mutatedText } from "../mutate.ts";
import { checkMessage, Fault, type Target, target } from "../target.ts";

/** One line for each of at most a hundred problems, and one that counts the others. */
const mostProblems = 101;

export const configTexts: Target = target({
  name: "config texts",
  share: 8,
  quick: 200,
  accepted: 0.05,
  inputs: () => mutatedText(exampleTexts()),
  open: () => ({
    one: (text) => {
      const parsed = parseConfig(text);
      for (const { range } of modelOutline(text)) within(range, text, "the outline");
      checkProblems(parsed, text);
      return parsed.problems.some(({ severity }) => severity === "error") ? "refused" : "accepted";
    },
  }),
  shown: (text) => text,
  again: (bytes) => Buffer.from(bytes).toString(),
});

/** Each problem has words and a place in the text, and each of its fixes is an edit that leaves readable JSON. */
export function checkProblems(parsed: ParsedConfig, text: string): void {
  const { problems, config, source } = parsed;
  if (problems.length > mostProblems) throw new Fault(`${problems.length} problems`);
  if (config === null && problems.length === 0) throw new Fault("no model, and no problem that says why");
  for (const problem of problems) {
    checkMessage(problem.message, "a config");
    const { offset, length } = problem;
    const place = offset === undefined ? parsed.rangeOf(problem.path, problem.on) : { offset, length: length ?? 0 };
    within(place, text, `"${problem.message}"`);
    if (source.problems.length === 0) for (const fix of problem.fixes ?? []) checkFix(fix, problem, text);
  }
}

function checkFix({ title, edits }: NonNullable<Problem["fixes"]>[number], { message }: Problem, text: string): void {
  checkMessage(title, "the title of a fix");
  const edited = applyTextEdits(text, applyEdits(text, edits));
  const [broken] = parseConfig(edited).source.problems;
  if (broken) throw new Fault(`the fix "${title}" of "${message}" breaks the text: ${broken.message}`);
}

function within({ offset, length }: { readonly offset: number; readonly length: number }, text: string, of: string) {
  if (!(offset >= 0 && length >= 0 && offset + length <= text.length))
    throw new Fault(`${of} is placed at ${offset}, ${length} characters, in a text of ${text.length}`);
}
