/** `training`: loss, optimizer, clipping, length. */

import * as z from "zod";
import { expectedWords } from "../../messages/expected.ts";
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
  above(0).default(value).meta({ description: "Learning rate: the factor of the update." });
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
      .meta({ description: "Divides by the estimated variance instead of the mean square." }),
  }).meta({ description: "RMSProp: divides by a running root mean square of the gradient." }),
  entry({
    type: z.literal("adagrad"),
    learningRate: learningRate(d.adagrad.learningRate),
    initialAccumulator: atLeast(0)
      .default(d.adagrad.initialAccumulator)
      .meta({ description: "Initial value of the sum of squared gradients." }),
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
      "Adam (Kingma & Ba 2015, algorithm 1; as in PyTorch. Keras adds `epsilon` before the correction of the mean square, which gives it thirty times the weight in the first step).",
  }),
  entry({
    type: z.literal("adamw"),
    learningRate: learningRate(d.adamw.learningRate),
    ...beta,
    epsilon: epsilon(d.adamw.epsilon),
    weightDecay: atLeast(0).default(d.adamw.weightDecay).meta({
      description:
        "Share of every weight, times the learning rate, that each step subtracts. Unlike an `l2` regularizer, it does not pass through the gradient's running means.",
    }),
  }).meta({
    description: "AdamW (Loshchilov & Hutter 2019, algorithm 2): Adam with weight decay separate from the gradient.",
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
  "Clipping of the gradients before the update. It limits an explosion but does nothing against vanishing.";

export const clipSchema = entry({
  value: above(0).optional().meta({
    description: "Limits each entry of each gradient to [−value, value]. Changes the direction of the update.",
  }),
  norm: above(0)
    .optional()
    .meta({ description: "Scales each weight's gradient down to this L2 norm, one weight at a time." }),
  globalNorm: above(0).optional().meta({
    description:
      "Scales all gradients down together to this L2 norm (Pascanu et al. 2013, algorithm 1), which keeps the direction of the update. Half to ten times the usual norm is a good threshold.",
  }),
}).meta({ description: clipText });

const weightClipText =
  "Limits on the weights themselves after an update, for the whole model; a layer's constraints limit its own weights. Smaller recurrent weights mean a smaller gain: this bounds an explosion at its root and shortens the reach of a gradient that vanishes.";

export const weightClipSchema = entry({
  value: above(0).optional().meta({ description: "Limits each entry of every weight to [−value, value]." }),
  maxNorm: above(0).optional().meta({
    description:
      "Scales each unit's incoming weights, in every matrix, down to this L2 norm (per column, as Keras's MaxNorm; biases are not changed).",
  }),
  every: whole(1, maxSteps)
    .default(weightClipDefaults.every)
    .meta({ description: "Number of steps between two clippings." }),
}).meta({ description: weightClipText });

const pruningText =
  "Magnitude pruning (Zhu & Gupta 2017): step by step, the smallest entries of each matrix (kernels, recurrent kernels, embeddings; no biases) become zero and stay zero. Sparsity rises from 0 as a cubic, fast at first. Zeros in a recurrent kernel lower its gain: watch the horizon while it grows.";

export const pruningSchema = entry({
  sparsity: halfOpen(0, 1).meta({ description: "Final share of zero entries in each matrix." }),
  begin: whole(1, maxSteps)
    .default(pruningDefaults.begin)
    .meta({ description: "Step after whose update pruning begins." }),
  end: whole(1, maxSteps).optional().meta({
    description: "Step after whose update the final sparsity is reached. Default: halfway through a training run.",
  }),
  every: whole(1, maxSteps).default(pruningDefaults.every).meta({
    description: "Number of steps between two prunings; in between, the set of pruned entries does not change.",
  }),
}).meta({ description: pruningText });

const gradientNormText =
  "The regularizer Ω of Pascanu, Mikolov & Bengio (2013): keeps gradients from vanishing by making each recurrent kernel U of a simpleRNN pass them from timestep to timestep at the same size. alpha × Σ (‖(d_t ∘ σ′(h_t)) Uᵀ‖² / ‖d_t‖² − 1)² over the timesteps 2 to T, mean over the batch. Its gradient with respect to U alone, with the state gradients d and states h held constant, is added to the loss's, before clipping. (Norms are squared, as in the authors' code; in equation 9 of the paper they are not, with the same minimum.) Other recurrent layers, and those with recurrent dropout, are not affected.";

export const gradientNormSchema = entry({
  alpha: above(0).default(gradientNormDefaults.alpha).meta({
    description:
      "Its weight. The sum grows with the number of timesteps (the authors' code takes its mean, which corresponds to alpha / T here): clip the gradient, or use an optimizer that is indifferent to its scale.",
  }),
}).meta({ description: gradientNormText });

const earlyStoppingText =
  "Ends a training run when a loss has not improved for some epochs. A net that has not learnt yet because its gradient does not reach far enough also stands still: look at the horizon before giving up on it.";

export const earlyStoppingSchema = entry({
  monitor: choice("loss", "testLoss").default(earlyStoppingDefaults.monitor).meta({
    description:
      "`loss`: the mean training loss of each epoch; `testLoss`: the loss on the samples that the data keep for testing (`data.test`).",
  }),
  patience: whole(1, maxEpochs)
    .default(earlyStoppingDefaults.patience)
    .meta({ description: "Number of epochs without improvement after which the run ends." }),
  minDelta: atLeast(0)
    .default(earlyStoppingDefaults.minDelta)
    .meta({ description: "An improvement is a loss that is lower than the best by more than this." }),
}).meta({ description: earlyStoppingText });

/** Always below the config's folder, with any system's separator: nothing is ever written elsewhere. */
const folderExpected = () => expectedWords().folder;

export const checkpointSchema = entry({
  folder: z
    .string({ error: folderExpected })
    .regex(/^(?![/\\]|[A-Za-z]:)(?!(.*[/\\])?\.\.?([/\\]|$)).*[^/\\\s]/, { error: folderExpected })
    .meta({ description: "Folder below the config's folder; each model has a folder of its own name in it." }),
  keep: choice("best", "last", "both").default(trainingDefaults.checkpoint.keep).meta({
    description:
      "`last` can be resumed from (`gradlens train --resume`). `best` has the smallest loss on the samples kept for testing (`data.test`) or, if there are none, the smallest mean training loss since the previous checkpoint.",
  }),
  every: whole(1, maxSteps).default(trainingDefaults.checkpoint.every).meta({
    description: "Number of steps between two checkpoints; the end of the run is also one.",
  }),
}).meta({
  description:
    "Writes the model to disk during training, as tfjs's model.json with its weights. A model with that `file` measures the gradient at that point. For training runs only; it changes nothing in the training.",
});

const lossExpected = () => expectedWords().loss(oneOf(lossNames));

export const lossSchema = entry({
  type: choice(...lossNames).meta({ description: "The loss; names are Keras's." }),
  fromLogits: flag().default(trainingDefaults.fromLogits).meta({
    description:
      "Treats the model's output as logits, before any softmax or sigmoid, as Keras's `from_logits=True`; the last layer should have no activation. For the cross-entropies only.",
  }),
});

const outputLossExpected = () => expectedWords().outputLoss(oneOf(lossNames));

/** The losses of several outputs, by name. */
export const lossesSchema = z.record(
  z.string(),
  z.union(
    [
      choice(...lossNames),
      entry({
        ...lossSchema.shape,
        weight: atLeast(0).default(1).meta({ description: "Factor of this loss in the sum of all losses." }),
      }),
    ],
    { error: outputLossExpected },
  ),
  { error: () => expectedWords().losses },
);

const classWeightText =
  'Weights of the classes in the training loss: each sample\'s loss is multiplied by its class\'s weight, and the sum is still divided by the number of samples, as in Keras\'s `class_weight`. Either an object with class indices, such as `{ "0": 1, "1": 20 }`, where classes that are not named have weight 1; or `"balanced"`, samples / (classes × samples of the class), so that all classes have the same total weight. If every timestep has a target, each timestep counts by its own class. The baseline is that of the best constant answer under the same weights; the loss on test samples is not weighted by class.';
const classWeightExpected = () => expectedWords().classWeight;

export const classWeightSchema = z.union(
  [choice("balanced"), z.record(z.string(), atLeast(0), { error: classWeightExpected })],
  { error: classWeightExpected },
);

export const trainingSchema = entry({
  loss: z
    .union([choice(...lossNames), lossSchema, lossesSchema], { error: lossExpected })
    .optional()
    .meta({
      description:
        "The loss, mean over the batch; names are Keras's. An object can also state that the model gives logits. Masked timesteps (`masking`, or an embedding with `maskZero`) do not count in it if the mask reaches the model's output, as in Keras. A cross-entropy includes the last layer's `softmax` or `sigmoid`, as in Keras: an answer that is certain and wrong keeps its gradient, and the figures of that layer's output are those before the activation. Default: meanSquaredError for the adding problem and tables, sparseCategoricalCrossentropy for copy memory and temporal order.",
    }),
  optimizer: variants({ key: "type", noun: () => expectedWords().nouns.optimizer }, optimizerSchemas)
    .default({ type: "adam", ...d.adam })
    .meta({ description: "The optimizer and its arguments." }),
  schedule: variants({ key: "type", noun: () => expectedWords().nouns.schedule }, scheduleSchemas)
    .default({ type: "constant", warmup: scheduleDefaults.warmup })
    .meta({
      description:
        "How the learning rate changes over the steps, starting from the optimizer's `learningRate`. It scales the update, never the gradient: norms, gains and horizon are those of the unscaled gradient.",
    }),
  clip: clipSchema.default({}).meta({ description: clipText }),
  weightClip: weightClipSchema.optional().meta({ description: `${weightClipText} Default: none.` }),
  pruning: pruningSchema.optional().meta({ description: `${pruningText} Default: none.` }),
  gradientNormRegularizer: gradientNormSchema.optional().meta({ description: `${gradientNormText} Default: none.` }),
  classWeight: classWeightSchema.optional().meta({ description: `${classWeightText} Default: all weigh the same.` }),
  metrics: list(choice(...metricNames), () => expectedWords().metrics, 0)
    .check(distinct(() => expectedWords().newMetric))
    .default([])
    .meta({
      description:
        "The metrics to report besides the loss, for each step's batch and for each test: `accuracy` for cross-entropies, the share of right answers; `meanAbsoluteError` and `rootMeanSquaredError` for the losses of numbers, in the unit of the targets that the net sees. Positions that are masked or have weight 0 do not count; other weights make no difference, as in Keras.",
    }),
  batchSize: whole(1, maxBatchSize)
    .default(trainingDefaults.batchSize)
    .meta({ description: "Sequences per forward and backward pass. Must not exceed the number of samples." }),
  accumulate: whole(1, maxBatchSize).default(trainingDefaults.accumulate).meta({
    description:
      "Gradient accumulation: batches per step. Their gradients are averaged before clipping and before the single update. This is the update of a batch that many times as large, with the memory of one (except for `batchNormalization`, which normalizes each batch separately). All figures of a step are those of the large batch; only the contributions of timesteps to a weight's gradient are summed over the batches as if they were independent.",
  }),
  truncate: whole(1, maxTimesteps).optional().meta({
    description:
      "Truncated back-propagation through time: cuts the gradient at every multiple of this many timesteps, counted back from the last one. The state itself is carried on, and there is still one update per batch. No gradient reaches further back than this, so it bounds an explosion and makes every longer lag unlearnable. Default: never.",
  }),
  steps: whole(1, maxSteps)
    .optional()
    .meta({
      description: `Length of a training run in steps (optimizer updates); instead of \`epochs\`. Default: ${trainingDefaults.steps}, unless \`epochs\` is set.`,
    }),
  epochs: whole(1, maxEpochs)
    .optional()
    .meta({ description: "Length of a training run in passes over the data; instead of `steps`." }),
  earlyStopping: earlyStoppingSchema.optional().meta({ description: `${earlyStoppingText} Default: none.` }),
  checkpoint: checkpointSchema.optional(),
  seed: whole(0, maxSeed).default(trainingDefaults.seed).meta({
    description:
      "Seed of the initial weights and of the order of the samples: the same seed and the same backend give the same numbers.",
  }),
}).meta({ description: "How the models are trained." });
