/** Gradient accumulation: several small batches equal one large one. */

import { beforeAll, describe, expect, it } from "vitest";
import type { TrainingConfig } from "../../../../src/config/resolved.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, profile, type Run, resolved, run, series } from "./support.ts";

const base = resolved([]);
const nets = {
  simpleRNN: entries([
    ["simpleRNN", { units: 5, recurrentRegularizer: { type: "l2", l2: 0.1 } }],
    ["dense", { units: 1 }],
  ]),
  lstm: entries([
    ["lstm", { units: 4, returnSequences: true }],
    ["gru", { units: 4 }],
    ["dense", { units: 1 }],
  ]),
};

function alike(actual: readonly number[] | Float64Array, expected: readonly number[] | Float64Array, what: string) {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) {
    if (Number.isFinite(value))
      expect(Math.abs(actual[i]! - value), `${what}, ${i}`).toBeLessThan(2e-4 * (1 + Math.abs(value)));
    else expect(actual[i], `${what}, ${i}`).toBe(value);
  }
}

describe.each(Object.entries(nets))("%s", (_, layers) => {
  beforeAll(() => useBackend("wasm"));

  const train = (changes: Partial<TrainingConfig>): Promise<Run> =>
    run(
      resolved(layers, {
        training: { ...base.training, clip: { ...base.training.clip, globalNorm: 0.3 }, ...changes },
      }),
      {
        steps: 4,
      },
    );

  it("four batches of 5 equal one of 20: losses, norms, gains, percentiles", async () => {
    const parts = await train({ batchSize: 5, accumulate: 4 });
    const whole = await train({ batchSize: 20 });
    expect(parts.info!.batchSize).toBe(20);
    for (const { quantity, layer, name } of whole.info!.columns) {
      if (quantity === "milliseconds") continue;
      alike(series(parts, quantity, layer, name), series(whole, quantity, layer, name), `${quantity} ${layer} ${name}`);
    }
    for (const [i, frame] of whole.frames.entries()) {
      for (const { layer, channel, values } of frame.profiles) {
        // Only the norm of each batch's contribution is known, not the norm of their sum.
        if (channel !== "logContribution") alike(profile(parts.frames[i], layer, channel), values, channel);
      }
    }
  });
});

it("refuses a step that needs more samples than there are", async () => {
  const { outcome } = await run(resolved(nets.lstm, { training: { ...base.training, batchSize: 32, accumulate: 3 } }));
  expect(outcome).toMatchObject({ kind: "refused", problems: [{ path: ["training", "batchSize"] }] });
});
