/** Reads the statistics of a plan's last backward pass from its memory. */

import type { Alignment } from "./alignment.ts";
import { STATISTICS } from "./assembly/records.ts";
import { lanes, type PlanField } from "./layout.ts";
import type { PlanMemory } from "./planMemory.ts";
import type { CompleteSpec } from "./spec.ts";
import { type RecurrentStatistics, readStatistics, type SampleNorms } from "./statistics.ts";

const gates = { simpleRNN: [], lstm: ["input", "forget", "output"], gru: ["update", "reset"] } as const;

/** @param lasting see `RecurrentPlan.statistics` */
export function planStatistics(
  memory: PlanMemory,
  { kind, timesteps, batch }: CompleteSpec,
  alignment: Alignment | null,
  lasting: boolean,
): RecurrentStatistics {
  const stride = memory.panels * lanes;
  const samples = (squares: PlanField): SampleNorms => ({
    squares: new Float32Array(memory.buffer, memory.addressOf(squares), timesteps * stride),
    exponents: new Int32Array(memory.buffer, memory.addressOf("exponent"), timesteps * stride),
    batch,
    stride,
    alignment,
    lasting,
  });
  return readStatistics(
    new Float64Array(memory.buffer, memory.addressOf("statistics"), timesteps * STATISTICS),
    timesteps,
    alignment?.first ?? null,
    gates[kind],
    samples("squaresH"),
    kind === "lstm" ? samples("squaresC") : null,
  );
}
