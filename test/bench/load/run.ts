/** The run of the load: four LSTM layers over 200 timesteps. */

import { type DemoOptions, vanishingTanh } from "../../ui/panel/harness/demoRun.ts";

export const loadRun: DemoOptions = {
  ...vanishingTanh,
  type: "lstm",
  recurrent: 4,
  timesteps: 200,
  plannedSteps: null,
  halfLife: 50_000,
};

/** A config with the same layers. */
export function loadConfig(steps: number): string {
  const lstm = { type: "lstm", units: 64, returnSequences: true };
  return JSON.stringify(
    {
      data: { task: "addingProblem", length: 200, samples: 64 },
      training: { batchSize: 32, steps },
      models: {
        tanh: { layers: [lstm, lstm, lstm, { ...lstm, returnSequences: false }, { type: "dense", units: 1 }] },
      },
    },
    null,
    2,
  );
}
