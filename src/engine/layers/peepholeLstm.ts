/** LSTM with peepholes. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayerVariable, layers } from "@tensorflow/tfjs-layers";
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

type Weighting = ReturnType<typeof layers.lstmCell>;

export type PeepholeArgs = GatedArgs & {
  readonly peepholeInitializer: NonNullable<GatedArgs["kernelInitializer"]>;
  readonly peepholeRegularizer?: GatedArgs["kernelRegularizer"];
  readonly peepholeConstraint?: GatedArgs["kernelConstraint"];
};

/**
 * The gates see the cell that they guard, through diagonal weights p (Gers & Schmidhuber 2000, "Recurrent nets that
 * time and count"): i_t and f_t get p_i ∘ c_{t−1} and p_f ∘ c_{t−1}, o_t gets p_o ∘ c_t. Order of gates i, f, c, o, as
 * in tfjs. Weights: kernel [D, 4H], recurrent_kernel [H, 4H], bias [4H], peepholes [3, H] for i, f and o.
 */
export class PeepholeLSTMCell extends GatedCell {
  static readonly className = "PeepholeLSTMCell";
  readonly stateSize: number[];
  readonly unitForgetBias: boolean;
  readonly peepholeInitializer: Weighting["kernelInitializer"];
  peepholes: LayerVariable | null = null;
  /**
   * Passes c_t to the output gate and to h_t: the whole gradient that c_t receives within its own timestep flows
   * through here.
   */
  passOn = (c: tf.Tensor): tf.Tensor => c;
  readonly #weighting: Weighting;

  constructor(args: PeepholeArgs) {
    const plain = layers.lstmCell(args);
    super(args, plain);
    const { units } = plain;
    this.stateSize = [units, units];
    this.unitForgetBias = plain.unitForgetBias === true;
    this.#weighting = layers.lstmCell({
      units,
      kernelInitializer: args.peepholeInitializer,
      ...(args.peepholeRegularizer ? { kernelRegularizer: args.peepholeRegularizer } : {}),
      ...(args.peepholeConstraint ? { kernelConstraint: args.peepholeConstraint } : {}),
    });
    this.peepholeInitializer = this.#weighting.kernelInitializer;
  }

  override build(inputShape: Parameters<Weighting["build"]>[0]): void {
    const { units } = this;
    this.addGateWeights(inputShape, 4, [4 * units]);
    if (this.bias && this.unitForgetBias) raiseForgetBias(this.bias, units);
    const { kernelRegularizer, kernelConstraint } = this.#weighting;
    this.peepholes = this.addWeight(
      "peepholes",
      [3, units],
      "float32",
      this.peepholeInitializer,
      kernelRegularizer,
      true,
      kernelConstraint,
    );
    this.built = true;
  }

  override call(inputs: Inputs, kwargs: Kwargs): tf.Tensor[] {
    return tf.tidy(() => {
      const [input, before, cell] = tensorsOf(inputs);
      if (!input || !before || !cell) throw new Error("An LSTM cell takes an input, h and c.");
      const [x, h] = this.dropped(input, before, kwargs);
      let z = tf.add(tf.matMul(x, read(this.kernel)), tf.matMul(h, read(this.recurrentKernel)));
      if (this.bias) z = tf.add(z, this.bias.read());
      const [zi, zf, zc, zo] = tf.split(z, 4, 1);
      const [pi, pf, po] = tf.split(read(this.peepholes), 3, 0);
      if (!zi || !zf || !zc || !zo || !pi || !pf || !po) throw new Error("An LSTM cell has four gates.");
      const i = this.recurrentActivation.apply(tf.add(zi, tf.mul(pi, cell)));
      const f = this.recurrentActivation.apply(tf.add(zf, tf.mul(pf, cell)));
      const c = tf.add(tf.mul(f, cell), tf.mul(i, this.activation.apply(zc)));
      const seen = this.passOn(c);
      const o = this.recurrentActivation.apply(tf.add(zo, tf.mul(po, seen)));
      const out = tf.mul(o, this.activation.apply(seen));
      return [out, out, c];
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { kernelInitializer, kernelRegularizer, kernelConstraint } = this.#weighting.getConfig();
    return {
      ...super.getConfig(),
      peepholes: true,
      peepholeInitializer: kernelInitializer ?? null,
      peepholeRegularizer: kernelRegularizer ?? null,
      peepholeConstraint: kernelConstraint ?? null,
    };
  }
}

function raiseForgetBias(bias: LayerVariable, units: number): void {
  tf.tidy(() => {
    const values = Float32Array.from(bias.read().dataSync(), (v, i) => (i >= units && i < 2 * units ? 1 : v));
    bias.write(tf.tensor1d(values));
  });
}

export class PeepholeLSTM extends GatedLayer {
  static override readonly className = "PeepholeLSTM";

  constructor(args: PeepholeArgs & GatedLayerArgs) {
    super({ ...args, cell: new PeepholeLSTMCell(args) });
  }
}

tf.serialization.registerClass(PeepholeLSTMCell);
tf.serialization.registerClass(PeepholeLSTM);
