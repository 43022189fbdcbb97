/** A dense layer over several axes, as an equation in Einstein's notation states (Keras's EinsumDense). */

import * as tf from "@tensorflow/tfjs-core";
import { type LayerVariable, layers } from "@tensorflow/tfjs-layers";
import { buildingWords } from "../../messages/building.ts";
import { type BatchShape, batchShape, type LayerArgs, OneInput } from "./oneInput.ts";
import { UnfitArgument } from "./unfitArgument.ts";
import { type KernelAndBias, type Weighting, weighting } from "./weighting.ts";

export interface EinsumDenseArgs extends LayerArgs, KernelAndBias {
  readonly equation: string;
  readonly outputShape: readonly (number | null)[];
  readonly biasAxes?: string;
  readonly activation: NonNullable<Parameters<typeof layers.dense>[0]["activation"]>;
}

/** The axes of an equation by their letters, and the size of each. */
interface Axes {
  readonly input: readonly string[];
  readonly kernel: readonly string[];
  readonly output: readonly string[];
  /** Letters of the input's axes that are summed over, in the kernel's order. */
  readonly summed: readonly string[];
  /** Letters that stay, and those that the kernel adds, each in the output's order. */
  readonly kept: readonly string[];
  readonly added: readonly string[];
  readonly sizes: ReadonlyMap<string, number | null>;
}

const form = /^([a-z]{0,9}(?:\.{3})?[a-z]{0,9}),([a-z]{1,18})->([a-z]{0,9}(?:\.{3})?[a-z]{0,9})$/;

/** activation(x · W + b), summed over the axes that the input and the kernel W share; weights kernel and bias. */
export class EinsumDense extends OneInput {
  static readonly className = "EinsumDense";
  readonly kernelInitializer: Weighting["initializer"];
  readonly biasInitializer: Weighting["initializer"];
  readonly #args: EinsumDenseArgs;
  readonly #activation: layers.Layer;
  #axes: Axes | null = null;
  #kernel: LayerVariable | null = null;
  #bias: LayerVariable | null = null;

  constructor(args: EinsumDenseArgs) {
    super(args);
    this.#args = args;
    this.kernelInitializer = weighting({ initializer: args.kernelInitializer }).initializer;
    this.biasInitializer = weighting({ initializer: args.biasInitializer }).initializer;
    this.#activation = layers.activation({ activation: args.activation });
    this.supportsMasking = true;
  }

  override build(inputShape: Parameters<OneInput["build"]>[0]): void {
    const axes = this.#axesOf(batchShape(inputShape));
    this.#axes = axes;
    const { kernelRegularizer, kernelConstraint, biasRegularizer, biasConstraint, biasAxes } = this.#args;
    const size = (letter: string) => Number(axes.sizes.get(letter));
    const ofKernel = weighting({ initializer: "zeros", regularizer: kernelRegularizer, constraint: kernelConstraint });
    this.#kernel = this.addWeight(
      "kernel",
      axes.kernel.map(size),
      "float32",
      this.kernelInitializer,
      ofKernel.regularizer,
      true,
      ofKernel.constraint,
    );
    if (biasAxes !== undefined) {
      const first = Math.min(...[...biasAxes].map((letter) => axes.output.indexOf(letter)));
      if (first < 0) throw new UnfitArgument("biasAxes", buildingWords().biasAxes(biasAxes));
      const shape = axes.output.slice(first).map((letter) => (biasAxes.includes(letter) ? size(letter) : 1));
      const { regularizer, constraint } = weighting({
        initializer: "zeros",
        regularizer: biasRegularizer,
        constraint: biasConstraint,
      });
      this.#bias = this.addWeight("bias", shape, "float32", this.biasInitializer, regularizer, true, constraint);
    }
    this.built = true;
  }

  #axesOf(shape: BatchShape): Axes {
    const { equation, outputShape } = this.#args;
    const refuse = (why: string): never => {
      throw new UnfitArgument("equation", why);
    };
    const [, given = "", kernelText = "", wanted = ""] =
      form.exec(equation) ?? refuse(buildingWords().noEquation(equation));
    const kernel = [...kernelText];
    // Capital letters stand for the axes of an ellipsis.
    const hidden = shape.length - given.replace("...", "").length;
    const dots = Array.from({ length: Math.max(0, hidden) }, (_, i) => String.fromCharCode(65 + i));
    const lettersOf = (text: string) =>
      text.split("...").flatMap((part, i) => (i === 0 ? [...part] : [...dots, ...part]));
    const [input, output] = [lettersOf(given), lettersOf(wanted)];
    if (input.length !== shape.length)
      refuse(buildingWords().equationAxes({ equation, axes: input.length, shape: shape.length }));
    const twice = [input, kernel, output].some((letters) => new Set(letters).size !== letters.length);
    if (twice) refuse(buildingWords().equationTwice(equation));
    const summed = kernel.filter((letter) => input.includes(letter));
    const added = output.filter((letter) => kernel.includes(letter) && !input.includes(letter));
    const kept = output.filter((letter) => input.includes(letter));
    const fits =
      summed.every((letter) => !output.includes(letter)) &&
      kept.length + summed.length === input.length &&
      added.length + summed.length === kernel.length &&
      kept.length + added.length === output.length &&
      output[0] === input[0];
    if (!fits) refuse(buildingWords().equationUnfit(equation));
    const sizes = new Map(input.map((letter, i) => [letter, shape[i] ?? null]));
    // The output's shape leaves the batch out, and what an ellipsis stands for.
    const stated = wanted.endsWith("...") ? output.slice(1) : output.slice(-outputShape.length);
    for (const letter of added) {
      const size = outputShape[stated.indexOf(letter)];
      if (typeof size !== "number") throw new UnfitArgument("outputShape", buildingWords().axisSize(letter));
      sizes.set(letter, size);
    }
    return { input, kernel, output, summed, kept, added, sizes };
  }

  protected override outputOf(shape: BatchShape): BatchShape {
    const { output, sizes } = this.#axesOf(shape);
    return output.map((letter) => sizes.get(letter) ?? null);
  }

  protected compute(x: tf.Tensor, kwargs: Parameters<OneInput["call"]>[1]): tf.Tensor {
    const [axes, kernel] = [this.#axes, this.#kernel?.read()];
    if (!axes || !kernel) throw new Error("The layer has not been built.");
    const { input, output, summed, kept, added } = axes;
    const size = (letter: string): number => x.shape[input.indexOf(letter)] ?? Number(axes.sizes.get(letter));
    const product = (letters: readonly string[]) => letters.reduce((all, letter) => all * size(letter), 1);
    const arranged = (tensor: tf.Tensor, from: readonly string[], to: readonly string[]): tf.Tensor =>
      to.every((letter, i) => letter === from[i])
        ? tensor
        : tf.transpose(
            tensor,
            to.map((letter) => from.indexOf(letter)),
          );
    const rows = tf.reshape<tf.Rank.R2>(arranged(x, input, [...kept, ...summed]), [product(kept), product(summed)]);
    const columns = tf.reshape<tf.Rank.R2>(arranged(kernel, axes.kernel, [...summed, ...added]), [
      product(summed),
      product(added),
    ]);
    const apart = tf.reshape(tf.matMul(rows, columns), [...kept, ...added].map(size));
    const y = arranged(apart, [...kept, ...added], output);
    const biased = this.#bias ? tf.add(y, this.#bias.read()) : y;
    const result = this.#activation.call(biased, kwargs);
    return Array.isArray(result) ? (result[0] ?? biased) : result;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { equation, outputShape, biasAxes = null, kernelRegularizer, kernelConstraint } = this.#args;
    const { biasRegularizer, biasConstraint } = this.#args;
    const kernel = weighting({ initializer: "zeros", regularizer: kernelRegularizer, constraint: kernelConstraint });
    const bias = weighting({ initializer: "zeros", regularizer: biasRegularizer, constraint: biasConstraint });
    return {
      ...super.getConfig(),
      equation,
      outputShape: [...outputShape],
      biasAxes,
      activation: this.#activation.getConfig()["activation"] ?? null,
      kernelRegularizer: described(kernel.regularizer),
      kernelConstraint: described(kernel.constraint),
      biasRegularizer: described(bias.regularizer),
      biasConstraint: described(bias.constraint),
    };
  }
}

/** As tfjs's own layers describe a regularizer or a constraint; null for none. */
function described(of: tf.serialization.Serializable | null | undefined): tf.serialization.ConfigDict | null {
  return of ? { className: of.getClassName(), config: of.getConfig() } : null;
}

tf.serialization.registerClass(EinsumDense);
