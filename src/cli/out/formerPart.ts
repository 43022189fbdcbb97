/** What an earlier part of a run has written that now goes on in the same folder. */

import type { SafeFolder } from "../../files/safeFolder.ts";

/** Longest text that JavaScript can hold, about. */
const longest = 2 ** 29 - 24;

/**
 * Lines of a CSV whose first cell is a step before `step`, with the header; the header alone where there is no such file,
 * or one of other columns.
 */
export function formerRows(folder: SafeFolder, name: string, header: string, step: number): string {
  const [first, ...rows] = (step > 1 ? (folder.read(name, longest)?.toString("utf8") ?? "") : "").split("\n");
  if (first !== header) return `${header}\n`;
  return [header, ...rows.filter((row) => row !== "" && Number.parseInt(row, 10) < step), ""].join("\n");
}

/** A name beside `name`, from which the step can be read: TensorBoard reads all files of a folder. */
export function laterName(name: string, step: number): string {
  return `${name}.${step}`;
}

/** Removes what a run that is written from `step` on (1: from its beginning) takes the place of. */
export function removeLater(folder: SafeFolder, name: string, step: number): void {
  for (const other of folder.names()) {
    const from = other.startsWith(`${name}.`) ? Number(other.slice(name.length + 1)) : Number.NaN;
    if (from >= step) folder.remove(other);
  }
}
