/** Finds where a layer's state stopped being finite. */

import type { Alignment } from "./alignment.ts";
import { lanes } from "./layout.ts";
import type { PlanMemory } from "./planMemory.ts";
import type { CompleteSpec } from "./spec.ts";

const notFinite = (value: number): boolean => !Number.isFinite(value);

/** The first timestep of the last forward pass at which some sample's h is not finite (see `RecurrentPlan`). */
export function nonFiniteFrom(memory: PlanMemory, spec: CompleteSpec, alignment: Alignment | null): number | null {
  const { training, timesteps: T, inputs: D, units: H } = spec;
  const first = alignment?.first ?? 0;
  if (!training) return null;
  // In each panel, timestep t's operand holds the rows of the lanes' x_t, the constant 1 and h_{t−1}; padding is
  // finite.
  const rows = D + 1 + H;
  const operands = memory.floats("s");
  const starts = alignment && memory.panelStarts();
  for (let t = first + 2; t <= T; t++) {
    for (let panel = 0; panel < memory.panels; panel++) {
      if (starts && starts[panel]! > t - 2) continue;
      const start = ((t - 1) * memory.panels + panel) * rows * lanes;
      if (operands.subarray(start + (D + 1) * lanes, start + rows * lanes).some(notFinite)) return t - 1 - first;
    }
  }
  return memory.floats("hT").some(notFinite) ? T - first : null;
}
