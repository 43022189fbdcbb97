/** Extracts the runs that a command's arguments refer to. */

/** A run's id; lenses and the panel pass the id itself, the tree passes a run. */
export function runIdOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  if (typeof argument === "object" && argument !== null && "runId" in argument)
    return typeof argument.runId === "string" ? argument.runId : undefined;
  return undefined;
}

/** Ids of the run whose menu was opened, first, and of all selected ones, as the tree passes them. */
export function runIdsOf(argument: unknown, chosen: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(chosen) ? [argument, ...chosen] : [argument];
  return [...new Set(all.flatMap((a) => runIdOf(a) ?? []))];
}
