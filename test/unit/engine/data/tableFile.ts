/** Writes tables into a file and loads them. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Problem } from "../../../../src/config/problem.ts";
import type { LossName, TableData } from "../../../../src/config/resolved.ts";
import type { Dataset } from "../../../../src/engine/data/dataset.ts";
import { loadData } from "../../../../src/engine/data/loadData.ts";

export interface Loaded {
  /** Null: refused. */
  readonly data: Dataset | null;
  /** Errors, or warnings and notes. */
  readonly problems: readonly Problem[];
  /** The note about how the file was read. */
  readonly notes: string;
}

/** @param more default: column `a` gives column `b`, row by row. */
export async function loadTable(
  content: string | Uint8Array,
  more: Partial<TableData> = {},
  loss: LossName = "meanSquaredError",
): Promise<Loaded> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-files-"));
  const file = "t.csv";
  fs.writeFileSync(path.join(folder, file), content);
  const data: TableData = {
    kind: "table",
    file,
    inputs: ["a"],
    targets: ["b"],
    classes: null,
    window: null,
    ahead: 0,
    standardize: false,
    minMax: false,
    test: null,
    shuffle: false,
    ...more,
  };
  const result = await loadData(data, ["data"], folder, { loss, path: ["training"] });
  fs.rmSync(folder, { recursive: true });
  if (Array.isArray(result)) return { data: null, problems: result, notes: "" };
  const notes = result.warnings.filter(({ severity }) => severity === "information");
  if (notes.length > 1) throw new Error("There is more than one note.");
  return { data: result, problems: result.warnings, notes: notes[0]?.message ?? "" };
}
