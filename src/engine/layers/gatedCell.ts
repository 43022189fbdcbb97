/** The common base of the recurrent cells that tfjs lacks. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayerVariable, layers, RNN } from "@tensorflow/tfjs-layers";
import { internal, setInternal } from "../tfjs/internals.ts";

type Call = layers.RNNCell["call"];
export type Inputs = Parameters<Call>[0];
export type Kwargs = Parameters<Call>[1];
export type GatedArgs = Parameters<typeof layers.lstmCell>[0];
/** Arguments of a whole layer. */
export type GatedLayerArgs = Parameters<typeof layers.lstm>[0];
/** A tfjs cell, which completes and parses the arguments. */
type PlainCell = ReturnType<typeof layers.lstmCell> | ReturnType<typeof layers.gruCell>;

/** A gated cell that takes tfjs's arguments and exposes them under tfjs's names for code that reads those. */
export abstract class GatedCell extends layers.RNNCell {
  readonly units: number;
  readonly activation: PlainCell["activation"];
  readonly recurrentActivation: PlainCell["recurrentActivation"];
  readonly useBias: boolean;
  readonly kernelInitializer: PlainCell["kernelInitializer"];
  readonly recurrentInitializer: PlainCell["recurrentInitializer"];
  readonly biasInitializer: PlainCell["biasInitializer"];
  readonly dropout: number;
  readonly recurrentDropout: number;
  /** Replaces `tf.dropout`, as in tfjs's cells. */
  readonly dropoutFunc: ((ones: tf.Tensor, rate: number) => tf.Tensor) | undefined = undefined;
  kernel: LayerVariable | null = null;
  recurrentKernel: LayerVariable | null = null;
  bias: LayerVariable | null = null;
  readonly #plain: PlainCell;

  constructor(args: GatedArgs, plain: PlainCell) {
    super(args);
    this.#plain = plain;
    this.units = plain.units;
    this.activation = plain.activation;
    this.recurrentActivation = plain.recurrentActivation;
    this.useBias = plain.useBias;
    this.kernelInitializer = plain.kernelInitializer;
    this.recurrentInitializer = plain.recurrentInitializer;
    this.biasInitializer = plain.biasInitializer;
    this.dropout = plain.dropout;
    this.recurrentDropout = plain.recurrentDropout;
  }

  /** Adds kernel and recurrent kernel of `gates` × H columns, and a bias of shape `bias`. */
  protected addGateWeights(inputShape: Parameters<PlainCell["build"]>[0], gates: number, bias: number[]): void {
    const features = Number(inputShape.flat().at(-1));
    const { units, useBias } = this;
    const columns = gates * units;
    const plain = this.#plain;
    this.kernel = this.addWeight(
      "kernel",
      [features, columns],
      "float32",
      this.kernelInitializer,
      plain.kernelRegularizer,
      true,
      plain.kernelConstraint,
    );
    this.recurrentKernel = this.addWeight(
      "recurrent_kernel",
      [units, columns],
      "float32",
      this.recurrentInitializer,
      plain.recurrentRegularizer,
      true,
      plain.recurrentConstraint,
    );
    if (useBias) {
      const { biasInitializer, biasRegularizer, biasConstraint } = plain;
      this.bias = this.addWeight("bias", bias, "float32", biasInitializer, biasRegularizer, true, biasConstraint);
    }
  }

  /**
   * Applies the masks of input and state dropout. They last for one sequence: the layer disposes them before the next.
   */
  protected dropped(x: tf.Tensor, state: tf.Tensor, kwargs: Kwargs): readonly [tf.Tensor, tf.Tensor] {
    const training = kwargs?.["training"] === true;
    if (this.dropout > 0) this.dropoutMask ??= this.#mask(x, this.dropout, training);
    if (this.recurrentDropout > 0) this.recurrentDropoutMask ??= this.#mask(state, this.recurrentDropout, training);
    return [masked(x, this.dropoutMask), masked(state, this.recurrentDropoutMask)];
  }

  #mask(x: tf.Tensor, rate: number, training: boolean): tf.Tensor {
    const ones = tf.onesLike(x);
    return tf.keep(training ? (this.dropoutFunc ?? tf.dropout)(ones, rate) : ones);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.#plain.getConfig(), ...super.getConfig() };
  }
}

function masked(x: tf.Tensor, by: tf.Tensor | tf.Tensor[] | null | undefined): tf.Tensor {
  return by instanceof tf.Tensor ? tf.mul(x, by) : x;
}

/** x of one timestep, followed by the previous states. */
export function tensorsOf(inputs: Inputs): tf.Tensor[] {
  return Array.isArray(inputs) ? inputs : [inputs];
}

/** The value of a weight of a built cell. */
export function read(weight: LayerVariable | null): tf.Tensor {
  if (!weight) throw new Error("The cell has not been built.");
  return weight.read();
}

/** A whole layer of such a cell; its subclass only makes the cell. */
export abstract class GatedLayer extends RNN {
  override call(inputs: Inputs, kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    releaseMasks(this.cell);
    return super.call(inputs, kwargs);
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}

/** Frees the last sequence's dropout masks, as tfjs's own recurrent layers do. */
function releaseMasks(cell: layers.RNNCell): void {
  for (const key of ["dropoutMask", "recurrentDropoutMask"] as const) {
    const kept = internal(cell, key);
    if (kept instanceof tf.Tensor) kept.dispose();
    setInternal(cell, key, null);
  }
}
