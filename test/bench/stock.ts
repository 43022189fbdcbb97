/** Unmodified tfjs: `trainOnBatch`, nothing measured. */

import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { initBackend } from "../../src/engine/backend/ladder.ts";
import type { BackendName } from "../../src/protocol/run.ts";
import type { Contender, Shape } from "./shape.ts";

export function stock(name: string, backend: BackendName): Contender {
  return {
    name,
    async prepare({ kind, T, H, B, D }: Shape) {
      await initBackend(backend);
      const model = sequential();
      const inputShape: [number, number] = [T, D];
      // tfjs's own orthogonal initializer needs parts of tfjs that are not loaded here; the step does not depend on it.
      const args = { units: H, inputShape, recurrentInitializer: "glorotUniform" as const };
      model.add(
        kind === "simpleRNN" ? layers.simpleRNN(args) : layers[kind]({ ...args, recurrentActivation: "sigmoid" }),
      );
      model.add(layers.dense({ units: 1 }));
      model.compile({ optimizer: tf.train.adam(0.001), loss: "meanSquaredError" });
      const x = tf.randomUniform([B, T, D]);
      const y = tf.randomUniform([B, 1]);
      return async () => {
        if (tf.getBackend() !== backend) tf.setBackend(backend);
        const start = performance.now();
        await model.trainOnBatch(x, y);
        return performance.now() - start;
      };
    },
    close() {},
  };
}
