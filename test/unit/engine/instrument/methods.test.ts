/** What runs, doctor and panel say of how each recurrent layer is run, against the kernels that a step takes. */

import { beforeAll, describe, expect, it, vi } from "vitest";
import type { JsonValue } from "../../../../src/config/resolved.ts";
import { examineModel } from "../../../../src/engine/process/doctor.ts";
import { RecurrentPlan } from "../../../../src/kernels/plan.ts";
import { sampled } from "../../../budget.ts";
import { entries, resolved, run } from "../training/support.ts";
import { useBackend } from "./backends.ts";

beforeAll(() => useBackend("cpu"));

type Layer = readonly [type: string, args: { readonly [key: string]: JsonValue }];

const dense: Layer = ["dense", { units: 1 }];
const masking: Layer = ["masking", { maskValue: 0 }];
const plain: Layer = ["simpleRNN", { units: 3 }];
const gru: Layer = ["gru", { units: 3 }];
const stack = (...cells: readonly string[]): Layer => ["rnn", { cell: cells.map((type) => ({ type, units: 3 })) }];
const both = (type: string): Layer => ["bidirectional", { layer: { type, units: 3 } }];
const regularized = { gradientNormRegularizer: { alpha: 0.1 } };
const truncated = { truncate: 4 };

interface Case {
  readonly layers: readonly Layer[];
  readonly training?: object;
  /** Number of recurrent layers and cells, and of those that the kernels run. */
  readonly recurrent: number;
  readonly fused: number;
  readonly reason?: RegExp;
}

const cases: { readonly [name: string]: Case } = {
  "a plain layer": { layers: [plain], recurrent: 1, fused: 1 },
  "a masked layer": { layers: [masking, gru], recurrent: 1, fused: 1 },
  "both directions": { layers: [both("lstm")], recurrent: 2, fused: 2 },
  "a softmax": {
    layers: [["gru", { units: 3, activation: "softmax" }]],
    recurrent: 1,
    fused: 0,
    reason: /do not know the activation softmax/,
  },
  "gates of a softmax": {
    layers: [["lstm", { units: 3, recurrentActivation: "softmax" }]],
    recurrent: 1,
    fused: 0,
    reason: /do not know the recurrent activation softmax/,
  },
  "an external memory": {
    layers: [["externalMemory", { units: 3, slots: 4, width: 2 }]],
    recurrent: 1,
    fused: 0,
    reason: /have no external memory/,
  },
  "a truncated layer": { layers: [plain], training: truncated, recurrent: 1, fused: 1 },
  "a masked, truncated layer": {
    layers: [masking, gru],
    training: truncated,
    recurrent: 1,
    fused: 0,
    reason: /count masked timesteps/,
  },
  "a masked, truncated layer in both directions": {
    layers: [masking, both("gru")],
    training: truncated,
    recurrent: 2,
    fused: 0,
    reason: /count masked timesteps/,
  },
  "a regularized layer": { layers: [plain], training: regularized, recurrent: 1, fused: 1 },
  "a masked, regularized layer": {
    layers: [masking, plain],
    training: regularized,
    recurrent: 1,
    fused: 0,
    reason: /count masked timesteps/,
  },
  "a masked layer that the penalty leaves alone": {
    layers: [masking, gru],
    training: regularized,
    recurrent: 1,
    fused: 1,
  },
  "a stack": { layers: [stack("simpleRNNCell", "lstmCell")], recurrent: 2, fused: 2 },
  "a masked stack, one of its cells regularized": {
    layers: [masking, stack("simpleRNNCell", "lstmCell")],
    training: regularized,
    recurrent: 2,
    fused: 0,
    reason: /count masked timesteps/,
  },
  "a masked stack that the penalty leaves alone": {
    layers: [masking, stack("gruCell", "lstmCell")],
    training: regularized,
    recurrent: 2,
    fused: 2,
  },
  "a stack with a cell that the kernels do not know": {
    layers: [
      [
        "rnn",
        {
          cell: [
            { type: "lstmCell", units: 3, activation: "softmax" },
            { type: "gruCell", units: 3 },
          ],
        },
      ],
    ],
    recurrent: 2,
    fused: 0,
    reason: /of its stack, the kernels do not know the activation softmax|do not know the activation softmax/,
  },
};

describe("of how a recurrent layer is run", () => {
  it.each(sampled(Object.entries(cases), 2))(
    "the truth is said: %s",
    async (_, { layers, training, recurrent, fused, reason }) => {
      const base = resolved(entries([...layers, dense]));
      const model = { ...base, training: { ...base.training, ...training } };
      // Once in a step for each layer or cell that the kernels run.
      const backward = vi.spyOn(RecurrentPlan.prototype, "prepareBackward");
      const { info, outcome } = await run(model, { steps: 1 }, { need: false });
      const taken = backward.mock.calls.length;
      backward.mockRestore();
      expect(outcome).toEqual({ kind: "completed" });
      const told = info!.layers.flatMap((layer) => layer.recurrent ?? []);
      expect([told.length, taken]).toEqual([recurrent, fused]);
      expect(told.filter(({ method }) => method === "kernel")).toHaveLength(fused);

      const remarks = info!.dataWarnings.filter(({ message }) => /its steps take longer/.test(message));
      expect(remarks).toHaveLength(recurrent - fused);
      const doctor = await examineModel(model, "/nowhere/gradlens.json");
      expect(doctor.facts?.recurrent.map(({ method }) => method)).toEqual(told.map(({ method }) => method));
      for (const text of [...remarks.map(({ message }) => message), ...told.flatMap(({ reason: own }) => own ?? [])])
        expect(text).toMatch(reason ?? /never/);
      for (const each of doctor.facts?.recurrent ?? [])
        if (each.method !== "kernel") expect(each.reason).toMatch(reason ?? /never/);
    },
  );
});
