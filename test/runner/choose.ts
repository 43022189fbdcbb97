import fs from "node:fs";
import path from "node:path";
import { root } from "../../tools/root.ts";

/** The stages of `npm test`, in their order. */
export const stageNames = ["lint", "types", "unit", "examples", "integration", "ui", "python"] as const;

export type StageName = (typeof stageNames)[number];

/**
 * A stage to run, and filters for its tests: parts of file names, or words of titles for `integration`; none selects
 * all.
 */
export interface Chosen {
  readonly stage: StageName;
  readonly filters: readonly string[];
}

/**
 * Interprets the arguments of `npm test --`: nothing for everything, a stage with filters, or files and folders below
 * `test/<stage>`, of any stages.
 *
 * @returns the stages in their order, or what is wrong with the arguments
 */
export function choose(args: readonly string[]): readonly Chosen[] | string {
  const [first, ...rest] = args;
  if (first === undefined) return stageNames.map((stage) => ({ stage, filters: [] }));
  const named = stageNames.find((name) => name === first);
  if (named !== undefined) return [{ stage: named, filters: rest }];

  const filters = new Map<StageName, string[]>();
  for (const argument of args) {
    const file = path.relative(root, path.resolve(root, argument)).split(path.sep).join("/");
    const stage = stageNames.find((name) => file === `test/${name}` || file.startsWith(`test/${name}/`));
    if (stage === undefined || !fs.existsSync(path.join(root, file)))
      return `"${argument}" is neither a stage (${stageNames.join(", ")}) nor a file or folder below test/<stage>`;
    filters.set(stage, [...(filters.get(stage) ?? []), file]);
  }
  return stageNames.flatMap((stage) => {
    const chosen = filters.get(stage);
    return chosen ? [{ stage, filters: chosen }] : [];
  });
}
