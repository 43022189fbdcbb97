/** Checks whether a table's target columns suit the loss. */

import type { Problem } from "../../config/problem.ts";
import { isRegression } from "../../config/regression.ts";
import type { JsonPath, LossName, TableData } from "../../config/resolved.ts";
import type { Scaled } from "../../config/scaling.ts";
import { arrayWords } from "../../messages/arrays.ts";
import { fileWords } from "../../messages/files.ts";
import type { DataTraining } from "./dataset.ts";
import { present } from "./fillMissing.ts";
import { areYesOrNo, indexFault, oneColumnFault, shareFault, sumFault } from "./labels.ts";

/** A warning if the config asks explicitly to scale class targets, which are never scaled. */
export function classTargetWarnings(data: Scaled, at: JsonPath, loss: LossName): Problem[] {
  if (isRegression(loss)) return [];
  return (["standardize", "minMax"] as const).flatMap((key) => {
    if (data[key] !== "targets") return [];
    const message = arrayWords().classesUnscaled(loss);
    return [{ severity: "warning" as const, message, path: [...at, key], on: "value" as const }];
  });
}

export function targetProblems(
  data: TableData,
  at: JsonPath,
  { loss, path: training }: DataTraining,
  valuesOf: (name: string) => Float64Array,
): Problem[] {
  const columnOf = (name: string) => present(valuesOf(name));
  const error = (message: string, path: JsonPath): Problem => ({ severity: "error", message, path, on: "value" });
  const places = { data: at, training };
  const labelled = (faultOf: typeof shareFault): Problem[] =>
    data.targets.flatMap((name, i) => {
      const found = faultOf(columnOf(name), loss, places);
      return found
        ? [
            {
              ...error(fileWords().ofColumn({ column: name, fault: found.fault }), [...at, "targets", i]),
              fixes: found.fixes,
            },
          ]
        : [];
    });
  switch (loss) {
    case "meanSquaredError":
    case "meanAbsoluteError":
      return [];
    case "binaryCrossentropy":
      return labelled(shareFault);
    case "sparseCategoricalCrossentropy":
      if (data.targets.length > 1) {
        return [error(arrayWords().oneColumn({ loss, n: data.targets.length }), [...at, "targets"])];
      }
      return labelled(indexFault);
    case "categoricalCrossentropy": {
      if (data.targets.length < 2) {
        const { fault, fixes } = oneColumnFault(columnOf(data.targets[0]!), loss, arrayWords().columnPerClass, places);
        return [{ ...error(capital(fault), [...at, "targets"]), fixes }];
      }
      const outside = data.targets.flatMap((name, i) => {
        const wrong = columnOf(name).find((v) => !(v >= 0 && v <= 1));
        if (wrong === undefined) return [];
        return [error(arrayWords().sharesInColumn({ loss, column: name, found: wrong }), [...at, "targets", i])];
      });
      if (outside.length > 0) return outside;
      const columns = data.targets.map(valuesOf);
      const sums = columns[0]!.map((_, i) => columns.reduce((sum, c) => sum + c[i]!, 0));
      const row = sums.findIndex((sum) => Math.abs(sum - 1) > 1e-3);
      if (row < 0) return [];
      const { fault, fixes } = sumFault(sums[row]!, columns.every(areYesOrNo), loss, places);
      return [{ ...error(capital(fault), [...at, "targets"]), fixes }];
    }
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
