/** The arguments of a layer with an external memory: the config's, with initializers and the like made by tfjs. */

import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import * as z from "zod";

export type Initializer = ReturnType<typeof tfl.initializers.orthogonal>;
export type Regularizer = ReturnType<typeof tfl.regularizers.l2>;
export type Constraint = ReturnType<typeof tfl.constraints.nonNeg>;

const made = <T>() => z.custom<T>((value) => value instanceof tf.serialization.Serializable);
const initializer = (usual: () => Initializer) => made<Initializer>().default(usual);
const regularizer = made<Regularizer>().optional();
const constraint = made<Constraint>().optional();

/** The defaults are those in the config's schema. */
export const memoryArguments = z.object({
  name: z.string().optional(),
  trainable: z.boolean().optional(),
  units: z.int().positive(),
  slots: z.int().positive().default(32),
  width: z.int().positive().default(16),
  readHeads: z.int().positive().default(1),
  writeHeads: z.int().positive().default(1),
  controller: z.enum(["lstm", "simpleRNN"]).default("lstm"),
  locationAddressing: z.boolean().default(true),
  unitForgetBias: z.boolean().default(true),
  returnSequences: z.boolean().default(false),
  goBackwards: z.boolean().default(false),
  kernelInitializer: initializer(() => tfl.initializers.glorotUniform({})),
  recurrentInitializer: initializer(() => tfl.initializers.orthogonal({})),
  biasInitializer: initializer(() => tfl.initializers.zeros()),
  headInitializer: initializer(() => tfl.initializers.glorotUniform({})),
  memoryInitializer: initializer(() => tfl.initializers.randomNormal({ stddev: 0.05 })),
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
