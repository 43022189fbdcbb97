/** Keeps lists of problems readable, whatever their number. */

import { configWords } from "../messages/config.ts";
import { maxProblems } from "./limits.ts";
import type { Problem } from "./problem.ts";
import { shortMessage } from "./shorten.ts";

/** Represents problems that are not reported one by one. */
interface Remainder extends Problem {
  readonly more: number;
}

function isRemainder(problem: Problem): problem is Remainder {
  return "more" in problem;
}

function remainder(more: number, severity: Problem["severity"]): Remainder {
  const message = configWords().andMore({ n: more.toLocaleString("en"), one: more === 1 });
  return { severity, message, path: [], on: "value", more };
}

/** A problem for each item; for many items, only for the first ones, and one more that counts the others. */
export function problemsFor<T>(items: readonly T[], problem: (item: T) => Problem): readonly Problem[] {
  const first = items.slice(0, maxProblems).map(problem);
  return items.length <= maxProblems ? first : [...first, remainder(items.length - maxProblems, "error")];
}

/** Each problem once: models share top-level sections, and so also their problems. */
export function unique(problems: Iterable<Problem>): readonly Problem[] {
  const known = new Set<Problem>();
  const seen = new Set<string>();
  const found: Problem[] = [];
  for (const problem of problems) {
    if (known.has(problem)) continue;
    known.add(problem);
    const id = JSON.stringify([shortMessage(problem.message), problem.path, problem.on, problem.offset]);
    if (seen.has(id)) continue;
    seen.add(id);
    found.push(problem);
  }
  return found;
}

/** The first problems, with messages of bounded length, and one more that counts all others. */
export function capped(problems: readonly Problem[]): readonly Problem[] {
  const named = problems.filter((problem) => !isRemainder(problem));
  const first = named.slice(0, maxProblems).map(told);
  const others = [...named.slice(maxProblems), ...problems.filter(isRemainder)];
  if (others.length === 0) return first;
  const count = others.reduce((sum, problem) => sum + (isRemainder(problem) ? problem.more : 1), 0);
  const severity = others.some((problem) => problem.severity === "error") ? "error" : "warning";
  const { more: _, ...last } = remainder(count, severity);
  return [...first, last];
}

/** The problem with a message of bounded length, because the message may quote a user's file. */
export function told(problem: Problem): Problem {
  const message = shortMessage(problem.message);
  return message === problem.message ? problem : { ...problem, message };
}
