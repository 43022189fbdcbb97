/** Class labels that never use class 0. */

import { classesFix, labelsBetween } from "../../config/classesFix.ts";
import { outputWords } from "../../messages/outputFindings.ts";
import { present } from "../fixes/fix.ts";
import { type Check, targetsPlace } from "./mismatch.ts";

/** Information only: the net learns that the outputs below the first label are never right. */
export const labels: Check = (context) => {
  const { history, model } = context;
  const { data, dataPath, training } = model;
  const classes = history.info.data?.classes;
  const first = classes?.[0];
  if (training.loss !== "sparseCategoricalCrossentropy" || !classes || first === undefined || first < 1) return [];
  if (data.kind === "task" || data.kind === "text" || ("classes" in data && data.classes !== null)) return [];
  const last = classes.at(-1) ?? first;
  return [
    {
      kind: "labels",
      severity: "information",
      layer: null,
      place: targetsPlace(context),
      message: outputWords().labels({ first, last }),
      explanation: outputWords().labelsWhy,
      evidence: { firstLabel: first, lastLabel: last },
      // Named targets have no key for their labels.
      fixes: data.kind === "namedArrays" ? [] : present([classesFix(dataPath, labelsBetween(first, last))]),
    },
  ];
};
