/** The arguments of a layer with an external memory: the config's, with initializers and the like made by tfjs. */

import * as tf from "@tensorflow/tfjs-core";
import type * as tfl from "@tensorflow/tfjs-layers";
import * as z from "zod";

export type Initializer = ReturnType<typeof tfl.initializers.orthogonal>;
export type Regularizer = ReturnType<typeof tfl.regularizers.l2>;
export type Constraint = ReturnType<typeof tfl.constraints.nonNeg>;

const made = <T>() => z.custom<T>((value) => value instanceof tf.serialization.Serializable);
const initializer = made<Initializer>();
const regularizer = made<Regularizer>().optional();
const constraint = made<Constraint>().optional();

/** All arguments that the config's schema has a default for are filled in. */
export const memoryArguments = z.object({
  name: z.string().optional(),
  trainable: z.boolean().optional(),
  units: z.int().positive(),
  slots: z.int().positive(),
  width: z.int().positive(),
  readHeads: z.int().positive(),
  writeHeads: z.int().positive(),
  controller: z.enum(["lstm", "simpleRNN"]),
  locationAddressing: z.boolean(),
  unitForgetBias: z.boolean(),
  returnSequences: z.boolean(),
  goBackwards: z.boolean(),
  kernelInitializer: initializer,
  recurrentInitializer: initializer,
  biasInitializer: initializer,
  headInitializer: initializer,
  memoryInitializer: initializer,
  kernelRegularizer: regularizer,
  recurrentRegularizer: regularizer,
  biasRegularizer: regularizer,
  headRegularizer: regularizer,
  memoryRegularizer: regularizer,
  kernelConstraint: constraint,
  recurrentConstraint: constraint,
  biasConstraint: constraint,
  headConstraint: constraint,
  memoryConstraint: constraint,
});

export type MemoryArguments = z.output<typeof memoryArguments>;
