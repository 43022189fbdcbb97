/** The layer `externalMemory`: a Neural Turing Machine (Graves, Wayne & Danihelka 2014, arXiv:1410.5401). */

import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { type Initializer, type MemoryArguments, memoryArguments } from "./arguments.ts";
import { type MemoryLayout, memoryLayout } from "./layout.ts";
import { type MemoryPass, memoryPass, type PassOptions } from "./memoryPass.ts";

type Inputs = Parameters<tfl.layers.Layer["call"]>[0];
type Shape = Parameters<tfl.layers.Layer["build"]>[0];

/** Its output is [h_t, read vectors at t], for every timestep or for the last one. */
export class ExternalMemory extends tfl.layers.Layer {
  static readonly className = "ExternalMemory";
  readonly layout: MemoryLayout;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
  // Each under a separate name, at which the code that seeds a layer's weights finds it.
  readonly kernelInitializer: Initializer;
  readonly recurrentInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly headInitializer: Initializer;
  readonly memoryInitializer: Initializer;
  readonly #args: MemoryArguments;

  constructor(args: MemoryArguments) {
    const { name, trainable } = args;
    super({ ...(name === undefined ? {} : { name }), ...(trainable === undefined ? {} : { trainable }) });
    this.#args = args;
    this.layout = memoryLayout(args);
    this.returnSequences = args.returnSequences;
    this.goBackwards = args.goBackwards;
    this.kernelInitializer = args.kernelInitializer;
    this.recurrentInitializer = args.recurrentInitializer;
    this.biasInitializer = args.biasInitializer;
    this.headInitializer = args.headInitializer;
    this.memoryInitializer = args.memoryInitializer;
    this.inputSpec = [{ ndim: 3 }];
  }

  override build(inputShape: Shape): void {
    const features = dimension(inputShape, 2);
    const { gates, units, outputs, parameters, slots, width } = this.layout;
    const a = this.#args;
    const wide = gates * units;
    const add = (
      name: string,
      shape: number[],
      of: "kernel" | "recurrent" | "bias" | "head" | "memory",
      initializer: Initializer = this[`${of}Initializer`],
    ) => this.addWeight(name, shape, "float32", initializer, a[`${of}Regularizer`], true, a[`${of}Constraint`]);
    add("kernel", [features, wide], "kernel");
    add("recurrent_kernel", [outputs, wide], "recurrent");
    const bias = add("bias", [wide], "bias");
    if (this.layout.controller === "lstm" && a.unitForgetBias) {
      tf.tidy(() => {
        const values = bias.read().dataSync<"float32">().slice();
        values.fill(1, units, 2 * units);
        bias.write(tf.tensor1d(values));
      });
    }
    add("head_kernel", [units, parameters], "head");
    this.addWeight("head_bias", [parameters], "float32", tfl.initializers.zeros());
    add("memory", [slots, width], "memory");
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape): [null, number] | [null, number | null, number] {
    const { outputs } = this.layout;
    const [, timesteps] = inputShape;
    return this.returnSequences ? [null, typeof timesteps === "number" ? timesteps : null, outputs] : [null, outputs];
  }

  override call(inputs: Inputs): tf.Tensor {
    return tf.tidy(() => this.pass(inputs, { inputGradient: true, truncate: null, watch: null }).output);
  }

  pass(inputs: Inputs, options: PassOptions): MemoryPass {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (!x) throw new Error(`${this.name} was called without input.`);
    const { layout, returnSequences, goBackwards } = this;
    const [kernel, recurrentKernel, bias, headKernel, headBias, memory] = this.weights.map((w) => w.read());
    if (!kernel || !recurrentKernel || !bias || !headKernel || !headBias || !memory)
      throw new Error(`${this.name} is not built.`);
    const weights = { kernel, recurrentKernel, bias, headKernel, headBias, memory };
    return memoryPass(x, { ...options, layout, weights, returnSequences, goBackwards });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { units, slots, width, readHeads, writeHeads, controller, locationAddressing } = this.layout;
    const { returnSequences, goBackwards } = this;
    const sizes = { units, slots, width, readHeads, writeHeads, controller, locationAddressing };
    return { ...super.getConfig(), ...sizes, returnSequences, goBackwards };
  }
}

/** @param args the config's arguments and its defaults of all others, with initializers, regularizers and constraints made by tfjs. */
export function externalMemory(args: object): ExternalMemory {
  return new ExternalMemory(memoryArguments.parse(args));
}

function dimension(shape: Shape, axis: number): number {
  const size = shape[axis];
  if (typeof size !== "number") throw new Error("The number of features is not known.");
  return size;
}
