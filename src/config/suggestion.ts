/** The fix of a typing mistake: a problem's "Did you mean" as an edit. */

import type { Fix } from "./fix.ts";
import type { Problem } from "./problem.ts";
import type { JsonPath, JsonValue } from "./resolved.ts";

/** The end of a message with a suggestion from `didYouMean`. */
const suggestion = /Did you mean "([^"]+)"\?$/;

/**
 * The problem with the edit that its message suggests: the name at its place is replaced, or a key is renamed.
 * @param root the config as written; a problem whose place does not exist there is returned unchanged
 */
export function withSuggestion(problem: Problem, root: JsonValue): Problem {
  const name = suggestion.exec(problem.message)?.[1];
  if (name === undefined || problem.fixes !== undefined) return problem;
  const edits = problem.on === "key" ? renamed(root, problem.path, name) : replaced(root, problem.path, name);
  return edits === null ? problem : { ...problem, fixes: [{ id: "did-you-mean", title: `Write "${name}"`, edits }] };
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
