/** Configs whose every argument is drawn from the schema, trained for two steps through the command line. */

import fs from "node:fs";
import path from "node:path";
import fc, { type Arbitrary } from "fast-check";
import type { JsonObject } from "../../../src/config/merge.ts";
import { layerOf, trainingArbitrary } from "../../unit/config/randomConfig.ts";
import { type Target, target } from "../target.ts";
import { trainOutcome } from "./trainOutcome.ts";

const data: Arbitrary<JsonObject> = fc.oneof(
  fc.record({
    task: fc.constantFrom("addingProblem", "parity", "delayedRecall", "temporalOrder", "sineForecasting"),
    length: fc.integer({ min: 6, max: 12 }),
    samples: fc.integer({ min: 24, max: 64 }),
  }),
  fc.record({
    task: fc.constant("mackeyGlassForecasting"),
    length: fc.integer({ min: 6, max: 12 }),
    samples: fc.integer({ min: 24, max: 64 }),
  }),
);

/** A recurrent layer with random arguments, small enough to train at once. */
const recurrent = (last: boolean): Arbitrary<JsonObject> =>
  fc
    .tuple(fc.constantFrom("simpleRNN", "lstm", "gru"), fc.integer({ min: 1, max: 5 }), fc.boolean())
    .chain(([type, units, random]) =>
      (random ? layerOf(type) : fc.constant<JsonObject>({ type })).map((layer) => {
        const { returnState: _state, returnSequences: _all, stateful: _stateful, ...args } = layer;
        return { ...args, units, ...(last ? {} : { returnSequences: true }) };
      }),
    );

/** Layers that keep the shape of a sequence. */
const between = fc.constantFrom<JsonObject>(
  { type: "dropout", rate: 0.3 },
  { type: "gaussianNoise", stddev: 0.1 },
  { type: "layerNormalization" },
  { type: "batchNormalization" },
  { type: "activation", activation: "tanh" },
  { type: "masking", maskValue: 0 },
  { type: "timeDistributed", layer: { type: "dense", units: 3 } },
  { type: "selfAttention", heads: 2, keySize: 2 },
  { type: "conv1d", filters: 3, kernelSize: 2, padding: "same" },
);

const layers: Arbitrary<readonly JsonObject[]> = fc
  .tuple(fc.array(fc.oneof(between, recurrent(false)), { maxLength: 2 }), recurrent(true))
  .map(([first, last]) => [...first, last, { type: "dense", units: 1 }]);

/** Training sections: parts of random ones, which seldom forbid one another. */
const training = fc.tuple(trainingArbitrary, fc.nat(2)).map(([section, most]) => {
  const { steps: _steps, epochs: _epochs, checkpoint: _checkpoint, loss: _loss, ...rest } = section;
  return { ...Object.fromEntries(Object.entries(rest).slice(0, most + 1)), batchSize: 8, steps: 2 };
});

export const trainedConfigs: Target = target({
  name: "trained configs",
  share: 3,
  quick: 20,
  accepted: 0.4,
  inputs: () =>
    fc
      .record({ data, training, layers })
      .map(({ layers: net, ...rest }) => ({ ...rest, models: { m: { layers: [...net] } } })),
  open: (folder) => ({
    one: async (config) => {
      fs.writeFileSync(path.join(folder, "gradlens.json"), JSON.stringify(config));
      return (await trainOutcome(folder, ["--backend", "wasm"])).taken;
    },
  }),
  shown: (config) => JSON.stringify(config, null, 1),
});
