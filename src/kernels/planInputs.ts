/** Copies what a pass reads into a plan's memory. */

import { type Alignment, alignInput, alignOutputGradient, toSlots } from "./alignment.ts";
import type { PlanField } from "./layout.ts";
import type { PlanMemory } from "./planMemory.ts";
import type { CompleteSpec } from "./spec.ts";

/** Fields with one row per sample. */
const perSample: ReadonlySet<PlanField> = new Set(["h0", "c0", "dhT", "dcT"]);

/** Copies one input into its field, or marks it as absent. */
type Write = (field: PlanField, values: Float32Array | undefined, needed: boolean) => void;

/**
 * Copies the inputs of a pass. The returned function throws a RangeError if an input has another length than its field,
 * or is needed and absent.
 */
export function inputWriter(memory: PlanMemory, { inputs, units }: CompleteSpec, alignment: Alignment | null): Write {
  return (field, values, needed) => {
    const length = memory.length(field);
    if (!values) {
      if (needed) throw new RangeError(`The layer needs ${length} values of ${field}.`);
      memory.set(field, 0);
      return;
    }
    if (values.length !== length) throw new RangeError(`${field} has ${values.length} values instead of ${length}.`);
    memory.set(field, memory.addressOf(field));
    const to = memory.floats(field);
    if (alignment && field === "x") alignInput(values, alignment, inputs, to);
    else if (alignment && field === "dy") alignOutputGradient(values, alignment, units, to);
    else if (alignment && perSample.has(field)) toSlots(values, alignment, to);
    else to.set(values);
  };
}
