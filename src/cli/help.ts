/** Help texts and usage errors in the reader's language, in place of Commander's English. */

import type { HelpConfiguration, Option } from "commander";
import { cliWords } from "../messages/cli.ts";
import { listWords } from "../messages/lists.ts";
import { displayWidth, wrap } from "./report/layout.ts";

export const helpInLanguage: HelpConfiguration = {
  styleTitle: (title) => Object.entries(cliWords().titles).find(([english]) => english === title)?.[1] ?? title,
  displayWidth,
  boxWrap: (text, width) => wrap(text, width, "").join("\n"),
  optionDescription: (option) => `${option.description}${remark(option)}`,
};

function remark({ argChoices, defaultValue }: Option): string {
  const value: unknown = defaultValue;
  const parts = [
    argChoices ? cliWords().choices(argChoices.join(", ")) : "",
    typeof value === "string" || typeof value === "number" ? cliWords().usual(String(value)) : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : cliWords().inBrackets(listWords().commas(parts));
}

/** The forms of Commander's messages, with what each says. */
const forms: readonly (readonly [RegExp, (...parts: readonly string[]) => string])[] = [
  [/^missing required argument '(.*)'$/, (name) => cliWords().usage.missingArgument(name ?? "")],
  [/^option '(.*)' argument missing$/, (option) => cliWords().usage.missingValue(option ?? "")],
  [
    /^option '([^']{0,80})' argument '(.*)' is invalid\. (.{0,200})$/,
    (option, value, why) =>
      cliWords().usage.invalidValue({ option: option ?? "", value: value ?? "", why: reworded(why ?? "") }),
  ],
  [/^Allowed choices are (.*)\.$/, (choices) => cliWords().usage.allowed(choices ?? "")],
  [
    /^option '(.*)' cannot be used with option '(.*)'$/,
    (option, other) => cliWords().usage.conflict({ option: option ?? "", other: other ?? "" }),
  ],
  [/^unknown option '(.*)'$/, (option) => cliWords().usage.unknownOption(option ?? "")],
  [/^unknown command '(.*)'$/, (command) => cliWords().usage.unknownCommand(command ?? "")],
  [
    /^too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)\.$/,
    (command, expected, got) =>
      cliWords().usage.tooMany({ command: command ?? "", expected: Number(expected), got: Number(got) }),
  ],
  [/^\(Did you mean one of (.*)\?\)$/, (names) => cliWords().usage.didYouMean(cliWords().usage.oneOf(names ?? ""))],
  [/^\(Did you mean (.*)\?\)$/, (name) => cliWords().usage.didYouMean(name ?? "")],
];

/** The same message in the reader's language; one of an unknown form stays as it is. */
export function usageError(message: string): string {
  const [first = "", ...rest] = message.trimEnd().split("\n");
  const bare = first.replace(/^error: /, "");
  const lines = [first === bare ? reworded(bare) : cliWords().usage.error(reworded(bare)), ...rest.map(reworded)];
  return lines.join("\n");
}

function reworded(text: string): string {
  for (const [form, say] of forms) {
    const found = form.exec(text);
    if (found) return say(...found.slice(1));
  }
  return text;
}
