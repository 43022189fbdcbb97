/** The look of compared runs' curves: colours and, for users who cannot distinguish these well, dashes. */

import { mostCompared } from "../../src/protocol/panelMessages.ts";
import type { LineSetup } from "./plot.ts";

const dashes: readonly (readonly number[])[] = [
  [7, 3],
  [2, 2],
  [10, 3, 2, 3],
  [4, 4],
];

/** One setup for each run that can be compared. */
export const comparedLines: readonly LineSetup[] = Array.from({ length: mostCompared }, (_, i) => ({
  colour: (palette) => palette.compared[i] ?? palette.foreground,
  width: 1.5,
  dash: dashes[i] ?? [],
}));
