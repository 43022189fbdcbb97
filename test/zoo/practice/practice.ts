/** Nets as they occur in practice: custom data, losses and padding, with common faults and healthy controls. */

import type { ZooEntry } from "../entry.ts";
import { dataScale } from "./dataScale.ts";
import { heldBack } from "./heldBack.ts";
import { imbalance } from "./imbalance.ts";
import { longLags, nothingToLearn, shortLags } from "./lags.ts";
import { outputMismatch } from "./outputMismatch.ts";
import { padding } from "./padding.ts";
import { rates } from "./rates.ts";
import { reports } from "./reports.ts";
import { signs } from "./signs.ts";
import { stacks } from "./stacks.ts";
import { symmetricUnits } from "./symmetricUnits.ts";

export const practice: readonly ZooEntry[] = [
  ...dataScale,
  ...outputMismatch,
  ...symmetricUnits,
  ...padding,
  ...rates,
  ...shortLags,
  ...longLags,
  ...nothingToLearn,
  ...imbalance,
  ...stacks,
  ...heldBack,
  ...signs,
  ...reports,
];
