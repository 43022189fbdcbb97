/** Keras's default GRU: the reset gate acts after the matrix product. */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import {
  type GatedArgs,
  GatedCell,
  GatedLayer,
  type GatedLayerArgs,
  type Inputs,
  type Kwargs,
  read,
  tensorsOf,
} from "./gatedCell.ts";

/**
 * Cho et al. 2014 as computed by cuDNN and Keras (`reset_after=True`): h̃ = act(W x + b + r ∘ (U h_{t−1} + b′)), h_t =
 * z ∘ h_{t−1} + (1 − z) ∘ h̃. Order of gates z, r, h. Weights as in Keras: kernel [D, 3H], recurrent_kernel [H, 3H],
 * bias [2, 3H]: one row for the input part, one for the recurrent part.
 */
export class ResetAfterGRUCell extends GatedCell {
  static readonly className = "ResetAfterGRUCell";
  readonly stateSize: number;

  constructor(args: GatedArgs) {
    super(args, layers.gruCell({ ...args, resetAfter: false }));
    this.stateSize = this.units;
  }

  override build(inputShape: Parameters<ReturnType<typeof layers.gruCell>["build"]>[0]): void {
    this.addGateWeights(inputShape, 3, [2, 3 * this.units]);
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: Kwargs): tf.Tensor[] {
    return tf.tidy(() => {
      const [input, before] = tensorsOf(inputs);
      if (!input || !before) throw new Error("A GRU cell takes an input and h.");
      const [x, h] = this.dropped(input, before, kwargs);
      let ofInput: tf.Tensor = tf.matMul(x, read(this.kernel));
      let ofState: tf.Tensor = tf.matMul(h, read(this.recurrentKernel));
      if (this.bias) {
        const [b, b2] = tf.split(this.bias.read(), 2, 0);
        if (b) ofInput = tf.add(ofInput, b);
        if (b2) ofState = tf.add(ofState, b2);
      }
      const [xz, xr, xh] = tf.split(ofInput, 3, 1);
      const [uz, ur, uh] = tf.split(ofState, 3, 1);
      if (!xz || !xr || !xh || !uz || !ur || !uh) throw new Error("A GRU cell has three gates.");
      const z = this.recurrentActivation.apply(tf.add(xz, uz));
      const r = this.recurrentActivation.apply(tf.add(xr, ur));
      const candidate = this.activation.apply(tf.add(xh, tf.mul(r, uh)));
      const out = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), candidate));
      return [out, out];
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), resetAfter: true };
  }
}

export class ResetAfterGRU extends GatedLayer {
  static override readonly className = "ResetAfterGRU";

  constructor(args: GatedLayerArgs) {
    super({ ...args, cell: new ResetAfterGRUCell(args) });
  }
}

tf.serialization.registerClass(ResetAfterGRUCell);
tf.serialization.registerClass(ResetAfterGRU);
