/** `training`: loss, optimizer, clipping, length. */

import * as z from "zod";
import {
  optimizerDefaults as d,
  earlyStoppingDefaults,
  gradientNormDefaults,
  pruningDefaults,
  scheduleDefaults,
  trainingDefaults,
  weightClipDefaults,
} from "../defaults.ts";
import { maxBatchSize, maxEpochs, maxSeed, maxSteps, maxTimesteps } from "../limits.ts";
import { lossNames, metricNames } from "./names.ts";
import { scheduleSchemas } from "./schedules.ts";
import { above, atLeast, choice, distinct, entry, flag, halfOpen, list, oneOf, whole } from "./values.ts";
import { variants } from "./variants.ts";

const learningRate = (value: number) =>
  above(0).default(value).meta({ description: "Learning rate: what the update is multiplied by." });
const epsilon = (value: number) =>
  above(0).default(value).meta({ description: "Added to the denominator, so that it is never zero." });
const share = (value: number, description: string) => halfOpen(0, 1).default(value).meta({ description });
const beta = {
  beta1: share(d.adam.beta1, "Decay per step of the running mean of the gradient."),
  beta2: share(d.adam.beta2, "Decay per step of the running mean of the squared gradient."),
};

export const optimizerSchemas = [
  entry({ type: z.literal("sgd"), learningRate: learningRate(d.sgd.learningRate) }).meta({
    description: "Plain stochastic gradient descent.",
  }),
  entry({
    type: z.literal("momentum"),
    learningRate: learningRate(d.momentum.learningRate),
    momentum: share(d.momentum.momentum, "Share of the previous update that is kept."),
    nesterov: flag()
      .default(d.momentum.nesterov)
      .meta({ description: "Nesterov's variant: look ahead before the update." }),
  }).meta({ description: "Gradient descent with momentum." }),
  entry({
    type: z.literal("rmsprop"),
    learningRate: learningRate(d.rmsprop.learningRate),
    decay: share(d.rmsprop.decay, "Decay per step of the running mean of the squared gradient."),
    momentum: share(d.rmsprop.momentum, "Share of the previous update that is kept."),
    epsilon: epsilon(d.rmsprop.epsilon),
    centered: flag()
      .default(d.rmsprop.centered)
      .meta({ description: "Divide by the estimated variance instead of the mean square." }),
  }).meta({ description: "RMSProp: divides by a running root mean square of the gradient." }),
  entry({
    type: z.literal("adagrad"),
    learningRate: learningRate(d.adagrad.learningRate),
    initialAccumulator: atLeast(0)
      .default(d.adagrad.initialAccumulator)
      .meta({ description: "What the sum of squared gradients starts from." }),
  }).meta({ description: "AdaGrad (Duchi et al. 2011): divides by the root of the sum of all squared gradients." }),
  entry({
    type: z.literal("adadelta"),
    learningRate: learningRate(d.adadelta.learningRate),
    rho: share(d.adadelta.rho, "Decay per step of the running means."),
    epsilon: epsilon(d.adadelta.epsilon),
  }).meta({ description: "Adadelta (Zeiler 2012)." }),
  entry({
    type: z.literal("adam"),
    learningRate: learningRate(d.adam.learningRate),
    ...beta,
    epsilon: epsilon(d.adam.epsilon),
  }).meta({
    description:
      "Adam (Kingma & Ba 2015, algorithm 1; as in PyTorch. Keras adds `epsilon` before the correction of the mean square, which makes it weigh thirty times as much in the first step).",
  }),
  entry({
    type: z.literal("adamw"),
    learningRate: learningRate(d.adamw.learningRate),
    ...beta,
    epsilon: epsilon(d.adamw.epsilon),
    weightDecay: atLeast(0).default(d.adamw.weightDecay).meta({
      description:
        "Share of every weight, times the learning rate, that each step takes away. It does not pass through the gradient's running means, as an `l2` regularizer does.",
    }),
  }).meta({
    description: "AdamW (Loshchilov & Hutter 2019, algorithm 2): Adam with weight decay apart from the gradient.",
  }),
  entry({
    type: z.literal("adamax"),
    learningRate: learningRate(d.adamax.learningRate),
    ...beta,
    epsilon: epsilon(d.adamax.epsilon),
  }).meta({
    description: "AdaMax (Kingma & Ba 2015, section 7.1).",
  }),
] as const;

const clipText =
  "Clipping of the gradients before the update. It limits an explosion; it does nothing against vanishing.";

export const clipSchema = entry({
  value: above(0).optional().meta({
    description: "Limits each entry of each gradient to [−value, value]. Changes the direction of the update.",
  }),
  norm: above(0)
    .optional()
    .meta({ description: "Scales each weight's gradient down to this L2 norm, one weight at a time." }),
  globalNorm: above(0).optional().meta({
    description:
      "Scales all gradients down together to this L2 norm (Pascanu et al. 2013, algorithm 1): the direction of the update stays. Half to ten times the usual norm is a good threshold.",
  }),
}).meta({ description: clipText });

const weightClipText =
  "Limits on the weights themselves after an update, for the whole model; a layer's constraints limit its own. Smaller recurrent weights mean a smaller gain: this bounds an explosion at its root and shortens the reach of a gradient that vanishes.";

export const weightClipSchema = entry({
  value: above(0).optional().meta({ description: "Limits each entry of every weight to [−value, value]." }),
  maxNorm: above(0).optional().meta({
    description:
      "Scales each unit's incoming weights, in every matrix, down to this L2 norm (per column, as Keras's MaxNorm; biases are left alone).",
  }),
  every: whole(1, maxSteps)
    .default(weightClipDefaults.every)
    .meta({ description: "Steps from one clipping to the next." }),
}).meta({ description: weightClipText });

const pruningText =
  "Magnitude pruning (Zhu & Gupta 2017): step by step the smallest entries of each matrix (kernels, recurrent kernels, embeddings; no biases) become zero and stay zero. Sparsity rises from 0 as a cubic, fast at first. Zeros in a recurrent kernel lower its gain: watch the horizon while it grows.";

export const pruningSchema = entry({
  sparsity: halfOpen(0, 1).meta({ description: "Share of each matrix's entries that are zero in the end." }),
  begin: whole(1, maxSteps)
    .default(pruningDefaults.begin)
    .meta({ description: "Step after whose update pruning begins." }),
  end: whole(1, maxSteps).optional().meta({
    description: "Step after whose update the final sparsity is reached. Default: halfway through a training run.",
  }),
  every: whole(1, maxSteps)
    .default(pruningDefaults.every)
    .meta({ description: "Steps from one pruning to the next; between them what is pruned stays as it is." }),
}).meta({ description: pruningText });

const gradientNormText =
  "The regularizer Ω of Pascanu, Mikolov & Bengio (2013): keeps gradients from vanishing by asking each recurrent kernel U of a simpleRNN that timesteps pass them on at their own size. alpha × Σ (‖(d_t ∘ σ′(h_t)) Uᵀ‖² / ‖d_t‖² − 1)² over the timesteps 2 to T, mean over the batch; its gradient with respect to U alone, the state gradients d and states h held constant, is added to the loss's, before clipping. (Norms are squared, as in the authors' code; equation 9 of the paper has them as they are, with the same minimum.) Other recurrent layers, and one with recurrent dropout, are left as they are.";

export const gradientNormSchema = entry({
  alpha: above(0).default(gradientNormDefaults.alpha).meta({
    description:
      "Its weight. The sum grows with the number of timesteps (the authors' code takes its mean, which alpha / T is here): clip the gradient, or use an optimizer that is indifferent to its scale.",
  }),
}).meta({ description: gradientNormText });

const earlyStoppingText =
  "Ends a training run when a loss has not improved for some epochs. A net that has not learnt yet because its gradient reaches too short stands still in the same way: look at the horizon before giving up on it.";

export const earlyStoppingSchema = entry({
  monitor: choice("loss", "testLoss").default(earlyStoppingDefaults.monitor).meta({
    description:
      "`loss`: the mean training loss of each epoch; `testLoss`: the loss on the samples that the data keep for testing (`data.test`).",
  }),
  patience: whole(1, maxEpochs)
    .default(earlyStoppingDefaults.patience)
    .meta({ description: "Epochs without improvement after which the run ends." }),
  minDelta: atLeast(0)
    .default(earlyStoppingDefaults.minDelta)
    .meta({ description: "An improvement is a loss that is lower than the best by more than this." }),
}).meta({ description: earlyStoppingText });

/** Below the config's folder, whatever the system's separator: nothing is ever written anywhere else. */
const folderExpected = 'the path of a folder below the config\'s own, such as "checkpoints"';

export const checkpointSchema = entry({
  folder: z
    .string({ error: folderExpected })
    .regex(/^(?![/\\]|[A-Za-z]:)(?!(.*[/\\])?\.\.?([/\\]|$)).*[^/\\\s]/, { error: folderExpected })
    .meta({ description: "Below the config's folder; each model has a folder of its own name in it." }),
  keep: choice("best", "last", "both").default(trainingDefaults.checkpoint.keep).meta({
    description:
      "`last` can be gone on from (`gradlens train --resume`); `best` is the one with the smallest loss on the samples kept for testing (`data.test`), or, where none are, the smallest mean training loss since the look before.",
  }),
  every: whole(1, maxSteps).default(trainingDefaults.checkpoint.every).meta({
    description: "Steps from one look to the next; the end of the run is one, too.",
  }),
}).meta({
  description:
    "Writes the model to disk while it trains, as tfjs's model.json with its weights. A model with that `file` measures the gradient as it was then. Training runs only; it changes nothing in the training.",
});

const lossExpected = `${oneOf(lossNames)}, or an object like { "type": "binaryCrossentropy", "fromLogits": true }`;

export const lossSchema = entry({
  type: choice(...lossNames).meta({ description: "The loss; names are Keras's." }),
  fromLogits: flag().default(trainingDefaults.fromLogits).meta({
    description:
      "Take what the model gives as logits, before any softmax or sigmoid, as Keras's `from_logits=True`: the last layer is to have no activation. For the cross-entropies only.",
  }),
});

const classWeightText =
  'How much the samples of each class count in the training loss: each one\'s loss is multiplied by its class\'s weight, and the mean is still over the number of samples, as Keras\'s `class_weight`. An object with class indices, such as `{ "0": 1, "1": 20 }`, where a class that is not named weighs 1; or `"balanced"`, samples / (classes × samples of the class), so that every class counts as much in all. Where every timestep has a target, each counts by its own class. The baseline is that of the best constant answer under the same weights; the loss on test samples is not weighted by class.';
const classWeightExpected = 'an object of class indices such as { "0": 1, "1": 20 }, or "balanced"';

export const classWeightSchema = z.union(
  [choice("balanced"), z.record(z.string(), atLeast(0), { error: classWeightExpected })],
  { error: classWeightExpected },
);

export const trainingSchema = entry({
  loss: z
    .union([choice(...lossNames), lossSchema], { error: lossExpected })
    .optional()
    .meta({
      description:
        "The loss, mean over the batch; names are Keras's. As an object it can also be told that the model gives logits. Masked timesteps (`masking`, or an embedding with `maskZero`) do not count in it where the mask reaches the model's output, as in Keras. A cross-entropy takes the last layer's `softmax` or `sigmoid` into itself, as Keras does: an answer that is certain and wrong keeps its gradient, and the figures of that layer's output are those before the activation. Default: meanSquaredError for the adding problem and tables, sparseCategoricalCrossentropy for copy memory and temporal order.",
    }),
  optimizer: variants({ key: "type", noun: "an optimizer" }, optimizerSchemas)
    .default({ type: "adam", ...d.adam })
    .meta({ description: "The optimizer and its arguments." }),
  schedule: variants({ key: "type", noun: "a schedule" }, scheduleSchemas)
    .default({ type: "constant", warmup: scheduleDefaults.warmup })
    .meta({
      description:
        "How the learning rate changes over the steps, starting from the optimizer's `learningRate`. It scales the update, never the gradient: norms, gains and horizon are those of the unscaled gradient.",
    }),
  clip: clipSchema.default({}).meta({ description: clipText }),
  weightClip: weightClipSchema.optional().meta({ description: `${weightClipText} Default: none.` }),
  pruning: pruningSchema.optional().meta({ description: `${pruningText} Default: none.` }),
  gradientNormRegularizer: gradientNormSchema.optional().meta({ description: `${gradientNormText} Default: none.` }),
  classWeight: classWeightSchema.optional().meta({ description: `${classWeightText} Default: all the same.` }),
  metrics: list(choice(...metricNames), "a list of metrics", 0)
    .check(distinct("a metric that is not listed yet"))
    .default([])
    .meta({
      description:
        "What is told beside the loss, of each step's batch and of each test: `accuracy` for cross-entropies, the share of right answers; `meanAbsoluteError` and `rootMeanSquaredError` for the losses of numbers, in the unit of the targets as the net sees them. Masked positions, and such of weight 0, do not count; other weights make no difference, as in Keras.",
    }),
  batchSize: whole(1, maxBatchSize)
    .default(trainingDefaults.batchSize)
    .meta({ description: "Sequences per forward and backward pass. Must not exceed the number of samples." }),
  accumulate: whole(1, maxBatchSize).default(trainingDefaults.accumulate).meta({
    description:
      "Gradient accumulation: batches per step. Their gradients are averaged before clipping and the one update, which is that of a batch as many times as large, in the memory of one (but for `batchNormalization`, which normalizes each batch by itself). All figures of a step are those of that large batch; only what each timestep contributes to a weight's gradient is summed over the batches as if they were independent.",
  }),
  truncate: whole(1, maxTimesteps).optional().meta({
    description:
      "Truncated back-propagation through time: cuts the gradient every so many timesteps, counted back from the last; the state itself is carried on, and there is still one update per batch. No gradient goes further back than this: it bounds an explosion, and makes every longer lag unlearnable. Default: never.",
  }),
  steps: whole(1, maxSteps)
    .optional()
    .meta({
      description: `Length of a training run in steps (optimizer updates); instead of \`epochs\`. Default: ${trainingDefaults.steps}, unless there is \`epochs\`.`,
    }),
  epochs: whole(1, maxEpochs)
    .optional()
    .meta({ description: "Length of a training run in passes over the data; instead of `steps`." }),
  earlyStopping: earlyStoppingSchema.optional().meta({ description: `${earlyStoppingText} Default: none.` }),
  checkpoint: checkpointSchema.optional(),
  seed: whole(0, maxSeed).default(trainingDefaults.seed).meta({
    description: "Seed of the initial weights and of the order of the samples: same seed, same backend, same numbers.",
  }),
}).meta({ description: "How the models are trained." });
