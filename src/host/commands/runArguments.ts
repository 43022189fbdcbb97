/** Which runs a command is about. */

/** Lenses and the panel pass an id, the tree a run. */
export function runIdOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  if (typeof argument === "object" && argument !== null && "runId" in argument)
    return typeof argument.runId === "string" ? argument.runId : undefined;
  return undefined;
}

/** The tree passes the run the menu was opened at, and all that are chosen: that one first. */
export function runIdsOf(argument: unknown, chosen: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(chosen) ? [argument, ...chosen] : [argument];
  return [...new Set(all.flatMap((a) => runIdOf(a) ?? []))];
}
