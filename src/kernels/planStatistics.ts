/** Reads the statistics of a plan's last backward pass from its memory. */

import type { Alignment } from "./alignment.ts";
import { lanes } from "./layout.ts";
import type { PlanMemory } from "./planMemory.ts";
import type { CompleteSpec } from "./spec.ts";
import { type RecurrentStatistics, readStatistics, type SampleNorms } from "./statistics.ts";

const gates = { simpleRNN: [], lstm: ["input", "forget", "output"], gru: ["update", "reset"] } as const;
const squares = { h: "squaresH", c: "squaresC" } as const;
const states = { simpleRNN: ["h"], lstm: ["h", "c"], gru: ["h"] } as const;

/** @param lasting see `RecurrentPlan.statistics` */
export function planStatistics(
  memory: PlanMemory,
  { kind, timesteps, batch }: CompleteSpec,
  alignment: Alignment | null,
  lasting: boolean,
): RecurrentStatistics {
  const stride = memory.panels * lanes;
  const read = (name: "h" | "c"): SampleNorms => ({
    squares: new Float32Array(memory.buffer, memory.addressOf(squares[name]), timesteps * stride),
    exponents: new Int32Array(memory.buffer, memory.addressOf("exponent"), timesteps * stride),
    batch,
    stride,
    alignment,
  });
  const first = alignment?.first ?? null;
  return readStatistics(memory.records, timesteps, first, gates[kind], states[kind], { lasting, read });
}
