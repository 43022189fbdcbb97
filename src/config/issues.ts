/** Turns zod's issues into problems in plain words. */

import type * as z from "zod";
import { configWords } from "../messages/config.ts";
import { didYouMean, some } from "./didYouMean.ts";
import type { Problem } from "./problem.ts";
import { problemsFor, unique } from "./problems.ts";
import type { JsonPath, JsonValue } from "./resolved.ts";
import { shorten, shownName } from "./shorten.ts";

type Issue = z.core.$ZodIssue;

interface Subject {
  readonly value: JsonValue;
  /** Name of the whole value. */
  readonly name: string;
}

/**
 * Problems of a value, with paths relative to it.
 * @param name name of the whole value, e.g. `training`
 */
export function problemsOf(issues: readonly Issue[], value: JsonValue, name: string): readonly Problem[] {
  const found = issues.flatMap((issue) => problemsOfIssue(issue, [], { value, name }));
  // A value can fail several checks at once, but its reader needs the expectation only once.
  return unique(problemsFor(found, (problem) => problem()));
}

/** A problem that is built only when it is reported: an issue may name 100,000 keys. */
type Unsaid = () => Problem;

function problemsOfIssue(issue: Issue, base: JsonPath, subject: Subject): readonly Unsaid[] {
  const path = [...base, ...issue.path.map((s) => (typeof s === "symbol" ? String(s) : s))];
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(" ");
    return issue.keys.map((key) => () => unknownKey(key, path, known, subject));
  }
  if (issue.code === "invalid_union") {
    // `variants` has written the sentence, and its path ends in the discriminating property.
    if (issue.discriminator !== undefined)
      return [() => ({ severity: "error", message: issue.message, path, on: "value" })];
    const branch = fittingBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => problemsOfIssue(inner, path, subject));
  }
  return [() => mismatch(issue, path, subject)];
}

/** The option of a union that the author most likely meant: the one that accepts the value's type. */
function fittingBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) => !issues.some((i) => i.path.length === 0 && i.code !== "unrecognized_keys"));
}

function unknownKey(key: string, path: JsonPath, known: readonly string[], subject: Subject): Problem {
  const names = known.filter((name) => name !== "type" && name !== "task");
  const hint =
    didYouMean(key, names) || (names.length === 0 ? configWords().takesNone : configWords().itHas(some(names, "and")));
  const message = configWords().hasNo({ owner: owner(path, subject), key: shorten(key), hint });
  return { severity: "error", message, path: [...path, key], on: "key" };
}

function mismatch(issue: Issue, path: JsonPath, subject: Subject): Problem {
  const expected = issue.message;
  const found = at(subject.value, path);
  if (found === undefined) {
    const message = configWords().needs({
      owner: owner(path.slice(0, -1), subject),
      key: String(path.at(-1)),
      expected,
    });
    return { severity: "error", message, path, on: "value" };
  }
  const hint = typeof found === "string" ? didYouMean(found, acceptedNames(issue)) : "";
  const message = configWords().mustBe({ place: placeName(path, subject), expected, found: show(found), hint });
  return { severity: "error", message, path, on: "value" };
}

function acceptedNames(issue: Issue): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code === "invalid_union") return issue.errors.flat().flatMap(acceptedNames);
  return [];
}

/** The owner of a key: `dense` rather than `layers[1]`. */
function owner(path: JsonPath, subject: Subject): string {
  const value = at(subject.value, path);
  if (typeof value === "object" && value !== null && Object.hasOwn(value, "type")) {
    const { type } = value as { readonly type?: JsonValue };
    if (typeof type === "string") return shorten(type);
  }
  return placeName(path, subject);
}

/** `units`, `kernelSize[1]`: the last name of a path and the indices after it. */
function placeName(path: JsonPath, subject: Subject): string {
  const last = path.findLastIndex((segment) => typeof segment === "string");
  const indices = path.slice(last + 1).map((i) => `[${i}]`);
  return `${last < 0 ? subject.name : shorten(String(path[last]))}${indices.join("")}`;
}

function at(root: JsonValue, path: JsonPath): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const segment of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as { readonly [key: string]: JsonValue })[segment];
  }
  return value;
}

/** A value as quoted in a message. */
export function show(value: JsonValue): string {
  if (Array.isArray(value)) return value.length === 0 ? configWords().emptyList : configWords().listOf(value.length);
  if (typeof value === "object" && value !== null) return configWords().anObject;
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

/** A text as quoted in a message. */
function quoted(text: string): string {
  const shown = JSON.stringify(text.slice(0, shownName));
  return text.length <= shownName && shown.length <= shownName ? shown : shorten(shown, shownName - 2);
}
