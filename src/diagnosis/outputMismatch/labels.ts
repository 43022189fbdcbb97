/** Class labels that never use class 0. */

import { classesFix, labelsBetween } from "../../config/classesFix.ts";
import { outputWords } from "../../messages/outputFindings.ts";
import { present } from "../fixes/fix.ts";
import type { Check } from "./mismatch.ts";

/** Information only: the net learns that the outputs below the first label are never right. */
export const labels: Check = ({ history, model }) => {
  const { data, dataPath, training } = model;
  const classes = history.info.data?.classes;
  const first = classes?.[0];
  if (training.loss !== "sparseCategoricalCrossentropy" || !classes || first === undefined || first < 1) return [];
  if ((data.kind !== "table" && data.kind !== "arrays") || data.classes !== null) return [];
  const last = classes.at(-1) ?? first;
  return [
    {
      kind: "labels",
      severity: "information",
      layer: null,
      place: [...dataPath, "targets"],
      message: outputWords().labels({ first, last }),
      explanation: outputWords().labelsWhy,
      evidence: { firstLabel: first, lastLabel: last },
      fixes: present([classesFix(dataPath, labelsBetween(first, last))]),
    },
  ];
};
