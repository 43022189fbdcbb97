/** The chrono initializer: gates that initially remember for as long as the task may need. */

import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../data/random.ts";

/** The parts of a layer's bias, in tfjs's order: LSTM i, f, c, o; GRU z, r, h. */
type GatedKind = "lstm" | "gru";

const gates: { readonly [kind in GatedKind]: number } = { lstm: 4, gru: 3 };

export interface ChronoConfig {
  readonly kind: GatedKind;
  readonly maxLag: number;
  readonly seed?: number | undefined;
}

/**
 * Tallec & Ollivier 2018, "Can recurrent neural networks warp time?", section 3: a forget gate of σ(b) forgets over
 * 1/(1 − σ(b)) timesteps. So b_f = log u, with u uniform in [1, maxLag − 1], spreads the units' time-scales over 2 …
 * maxLag; b_i = −b_f, all other biases are 0. In tfjs's GRU the update gate z keeps the state (h_t = z h_{t−1} + (1 −
 * z) …), so b_z = log u; the paper's z is 1 − tfjs's z.
 */
export class Chrono extends tf.serialization.Serializable {
  static readonly className = "Chrono";
  readonly kind: GatedKind;
  readonly maxLag: number;
  /** Set before the layer is built, by the code that seeds the model's weights. */
  seed: number | undefined;

  constructor({ kind, maxLag, seed }: ChronoConfig) {
    super();
    this.kind = kind;
    this.maxLag = maxLag;
    this.seed = seed;
  }

  /** @param shape `[gates × H]`, or `[2, gates × H]` if the recurrent part has a bias of its own, which stays 0. */
  apply(shape: readonly number[]): tf.Tensor {
    const units = (shape.at(-1) ?? 0) / gates[this.kind];
    const random = createRandom(this.seed ?? 1);
    const values = new Float32Array(tf.util.sizeFromShape([...shape]));
    for (let unit = 0; unit < units; unit++) {
      const logTime = Math.log(1 + random.uniform() * (this.maxLag - 2));
      if (this.kind === "gru") values[unit] = logTime;
      else {
        values[unit] = -logTime;
        values[units + unit] = logTime;
      }
    }
    return tf.tensor(values, [...shape]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { kind: this.kind, maxLag: this.maxLag, ...(this.seed === undefined ? {} : { seed: this.seed }) };
  }
}

tf.serialization.registerClass(Chrono);
