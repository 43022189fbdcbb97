/** Turns what zod found into problems in plain words. */

import type { z } from "zod";
import { didYouMean } from "./didYouMean.ts";
import type { Problem } from "./problem.ts";
import type { ConfigPath, JsonValue } from "./resolved.ts";
import { oneOf } from "./schema/values.ts";

type Issue = z.core.$ZodIssue;

/**
 * Problems of a value, with paths relative to it.
 * @param what what the value as a whole is called, e.g. `training`
 */
export function problemsOf(issues: readonly Issue[], value: JsonValue, what: string): readonly Problem[] {
  const problems = issues.flatMap((issue) => problemsOfIssue(issue, [], value, what));
  return problems.filter((problem, i) => problems.findIndex((other) => samePlace(other, problem)) === i);
}

/** A value can break several checks at once; its reader needs the expectation only once. */
function samePlace(a: Problem, b: Problem): boolean {
  return a.message === b.message && a.path.length === b.path.length && a.path.every((s, i) => s === b.path[i]);
}

function problemsOfIssue(issue: Issue, base: ConfigPath, root: JsonValue, what: string): readonly Problem[] {
  const path = [...base, ...issue.path.map((s) => (typeof s === "symbol" ? String(s) : s))];
  const found = at(root, path);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, path, issue.message, what));
  if (issue.code === "invalid_union") {
    if (issue.discriminator !== undefined) return [wrongType(issue, path, found, root, what)];
    const branch = fittingBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => problemsOfIssue(inner, path, root, what));
  }
  const expected = issue.code === "invalid_value" ? oneOf(issue.values.map(String)) : issue.message;
  return [mismatch(path, expected, found, issue, root, what)];
}

/** The option of a union the author must have meant: the one that accepts the value's own kind. */
function fittingBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find(
    (issues) =>
      issues.length > 0 &&
      !issues.some((i) => i.path.length === 0 && i.code !== "unrecognized_keys" && !isDiscriminator(i)),
  );
}

function isDiscriminator(issue: Issue): boolean {
  return issue.code === "invalid_union" && issue.discriminator !== undefined;
}

function unknownKey(key: string, path: ConfigPath, known: string, what: string): Problem {
  const names = known.split(" ").filter((name) => name !== "type");
  const owner = ownerName(path, what);
  const hint = didYouMean(key, names) || ` It has ${names.join(", ")}.`;
  return { severity: "error", message: `${owner} has no "${key}".${hint}`, path: [...path, key], on: "key" };
}

function wrongType(
  issue: Issue & { code: "invalid_union" },
  path: ConfigPath,
  found: JsonValue | undefined,
  root: JsonValue,
  what: string,
): Problem {
  const key = issue.discriminator ?? "type";
  const names = issue.message.split(" ");
  // zod reports the discriminator's own path; the object is one level up.
  const own = path.at(-1) === key;
  const place = own ? path : [...path, key];
  const value = own ? found : at(root, place);
  if (value === undefined)
    return {
      severity: "error",
      message: `${ownerName(place.slice(0, -1), what)} needs a "${key}": ${list(names)}.`,
      path: place,
      on: "value",
    };
  const hint = (typeof value === "string" && didYouMean(value, names)) || ` There is ${list(names)}.`;
  return {
    severity: "error",
    message: `${show(value)} is not a ${key} that exists here.${hint}`,
    path: place,
    on: "value",
  };
}

function mismatch(
  path: ConfigPath,
  expected: string,
  found: JsonValue | undefined,
  issue: Issue,
  root: JsonValue,
  what: string,
): Problem {
  const name = placeName(path, what);
  if (found === undefined) {
    const owner = typedName(at(root, path.slice(0, -1))) ?? ownerName(path.slice(0, -1), what);
    return { severity: "error", message: `${owner} needs "${String(path.at(-1))}": ${expected}.`, path, on: "value" };
  }
  const hint =
    issue.code === "invalid_value" && typeof found === "string" ? didYouMean(found, issue.values.map(String)) : "";
  return { severity: "error", message: `${name} must be ${expected}, not ${show(found)}.${hint}`, path, on: "value" };
}

function typedName(value: JsonValue | undefined): string | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { type } = value as { readonly [key: string]: JsonValue };
  return typeof type === "string" ? type : null;
}

/** `units`, `kernelSize[1]`: the last name of a path and the indices after it. */
function placeName(path: ConfigPath, what: string): string {
  const last = path.findLastIndex((segment) => typeof segment === "string");
  const indices = path.slice(last + 1).map((i) => `[${i}]`);
  return `${last < 0 ? what : path[last]}${indices.join("")}`;
}

function ownerName(path: ConfigPath, what: string): string {
  return path.length === 0 ? what : placeName(path, what);
}

export function at(root: JsonValue, path: ConfigPath): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const segment of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as { readonly [key: string]: JsonValue })[segment];
  }
  return value;
}

function list(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** A value as a message quotes it. */
export function show(value: JsonValue): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown;
}
