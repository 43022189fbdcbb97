/** Reads and assigns the values of a model's trained weights. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";

export class WeightValues {
  readonly variables: readonly tf.Variable[];
  readonly #weights: readonly LayerVariable[];
  /**
   * The values assigned last, which need not be read again, unless the data's identity shows that other code has
   * assigned since.
   */
  readonly #known: { readonly dataId: object; readonly values: Float32Array }[] = [];

  constructor(weights: readonly LayerVariable[]) {
    this.#weights = weights;
    this.variables = weights.map(asVariable);
  }

  /** One array for each weight; later assignments do not change them. */
  all(): Float32Array[] {
    return this.variables.map((variable, i) => {
      const known = this.#known[i];
      return known?.dataId === variable.dataId ? known.values : read(variable);
    });
  }

  /** Assigns new values and applies the layers' constraints to them. */
  assign(values: readonly Float32Array[]): void {
    for (const [i, own] of values.entries()) this.#assignOne(i, own);
  }

  #assignOne(i: number, values: Float32Array): void {
    const variable = this.variables[i]!;
    const { constraint } = this.#weights[i]!;
    tf.tidy(() => {
      variable.assign(tf.tensor(values, variable.shape));
      // tfjs applies constraints where a weight is set, but not where an optimizer updates it.
      if (constraint) variable.assign(constraint.apply(variable));
    });
    this.#known[i] = { dataId: variable.dataId, values: constraint ? read(variable) : values };
  }
}

/** tfjs never writes into a tensor's data again, so values read here stay valid after the weight is assigned. */
export function read(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync<"float32">();
}

function asVariable(weight: LayerVariable): tf.Variable {
  const value = weight.read();
  if (!(value instanceof tf.Variable)) throw new Error(`The weight ${weight.name} is not a variable.`);
  return value;
}
