/** The fix of a typing mistake: a problem's "Did you mean" as an edit. */

import { configWords } from "../messages/config.ts";
import { close } from "../messages/pseudo.ts";
import type { Fix } from "./fix.ts";
import type { Problem } from "./problem.ts";
import type { JsonPath, JsonValue } from "./resolved.ts";

/** The name that `didYouMean` suggests at the end of a message. */
function suggested(message: string): string | undefined {
  const [before = "", after = ""] = configWords().didYouMean("\n").split("\n");
  const at = message.lastIndexOf(before.trim());
  const end = message.indexOf(after, at + before.trim().length);
  if (at < 0 || end < 0 || message.slice(end + after.length).replaceAll(close, "") !== "") return undefined;
  return message.slice(at + before.trim().length, end);
}

/**
 * The problem with the edit that its message suggests: the name at its place is replaced, or a key is renamed.
 * @param root the config as written; a problem whose place does not exist there is returned unchanged
 */
export function withSuggestion(problem: Problem, root: JsonValue): Problem {
  const name = suggested(problem.message);
  if (name === undefined || problem.fixes !== undefined) return problem;
  const edits = problem.on === "key" ? renamed(root, problem.path, name) : replaced(root, problem.path, name);
  return edits === null
    ? problem
    : { ...problem, fixes: [{ id: "did-you-mean", title: configWords().write(name), edits }] };
}

function replaced(root: JsonValue, path: JsonPath, name: string): Fix["edits"] | null {
  return typeof at(root, path) === "string" ? [{ path, value: name }] : null;
}

function renamed(root: JsonValue, path: JsonPath, name: string): Fix["edits"] | null {
  const value = at(root, path);
  const owner = path.slice(0, -1);
  if (value === undefined || at(root, [...owner, name]) !== undefined) return null;
  return [
    { path, value: undefined },
    { path: [...owner, name], value },
  ];
}

function at(root: JsonValue, path: JsonPath): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const segment of path) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value)) value = value[Number(segment)];
    else value = Object.hasOwn(value, segment) ? (value as { readonly [key: string]: JsonValue })[segment] : undefined;
  }
  return value;
}
