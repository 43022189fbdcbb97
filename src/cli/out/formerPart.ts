/** Output that an earlier part of a run wrote, when the run goes on in the same folder. */

import type { SafeFolder } from "../../files/safeFolder.ts";

/** Approximate length of the longest JavaScript string. */
const longest = 2 ** 29 - 24;

/**
 * Lines of a CSV whose first cell is a step before `step`, with the header; only the header if the file does not exist
 * or has other columns.
 */
export function formerRows(folder: SafeFolder, name: string, header: string, step: number): string {
  const [first, ...rows] = (step > 1 ? (folder.read(name, longest)?.toString("utf8") ?? "") : "").split("\n");
  if (first !== header) return `${header}\n`;
  return [header, ...rows.filter((row) => row !== "" && Number.parseInt(row, 10) < step), ""].join("\n");
}

/** A name derived from `name` that contains the step: TensorBoard reads all files of a folder. */
export function laterName(name: string, step: number): string {
  return `${name}.${step}`;
}

/** Removes the files that a run written from `step` on (1: from its beginning) replaces. */
export function removeLater(folder: SafeFolder, name: string, step: number): void {
  for (const other of folder.names()) {
    const from = other.startsWith(`${name}.`) ? Number(other.slice(name.length + 1)) : Number.NaN;
    if (from >= step) folder.remove(other);
  }
}
