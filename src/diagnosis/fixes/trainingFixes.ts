/** Edits of a model's `training` section. Each returns undefined where it would change nothing or make no sense. */

import { optimizerDefaults } from "../../config/defaults.ts";
import type { ConfigEdit } from "../../config/edit.ts";
import { beyondGradientNorm } from "../../config/gradientNormLayers.ts";
import { maxEpochs, maxSteps } from "../../config/limits.ts";
import type { JsonValue, OptimizerConfig, ResolvedModel } from "../../config/resolved.ts";
import { fixWords } from "../../messages/fixes.ts";
import { niceBelow, niceNumber } from "../niceNumber.ts";
import type { StableRate } from "../stableRate.ts";
import { clipFix, clips } from "./clipFixes.ts";
import { type MaybeFix, together } from "./fix.ts";

/** Optimizers whose steps are proportional to the gradient: their rates must make up for its size. */
const unnormalized = new Set(["sgd", "momentum"]);

/**
 * An optimizer that divides by the gradient's usual size takes steps of about the learning rate: a tenth of a weight is
 * far too much.
 */
export function largestRate(type: OptimizerConfig["type"]): number {
  return (unnormalized.has(type) ? 100 : 10) * optimizerDefaults[type].learningRate;
}

/** A hundredth of the usual rate is lower than anybody uses from random weights. */
export function smallestRate(type: OptimizerConfig["type"]): number {
  return optimizerDefaults[type].learningRate / 100;
}

/**
 * The learning rate times `factor`, rounded to 1, 2 or 5 × a power of ten, limited to the optimizer's usual rates: a
 * few steps do not justify more.
 */
export function rateFix(model: ResolvedModel, factor: number): MaybeFix {
  const { learningRate, type } = model.training.optimizer;
  const wanted = Math.min(largestRate(type), Math.max(smallestRate(type), learningRate * factor));
  const value = niceNumber(wanted);
  if (!(value > 0) || value === learningRate || value < learningRate !== factor < 1) return undefined;
  const lower = value < learningRate;
  return {
    id: lower ? "lower-learning-rate" : "raise-learning-rate",
    title: fixWords().changeRate({ lower, value }),
    edits: optimizerEdits(model, { learningRate: value }),
  };
}

/** Whether the learning rate is far above the optimizer's usual one. */
export function isWildRate({ training: { optimizer } }: ResolvedModel): boolean {
  return optimizer.learningRate > 10 * optimizerDefaults[optimizer.type].learningRate;
}

/**
 * Lowers a learning rate that was seen to overshoot to half of what the loss's curvature allows, if anybody trains with
 * such a rate; a rate far above the optimizer's usual one to that; any other to a tenth.
 */
export function lowerRateFix(model: ResolvedModel, stable: StableRate | null = null): MaybeFix {
  const { type, learningRate } = model.training.optimizer;
  const usual = optimizerDefaults[type].learningRate;
  if (stable && stable.rate < learningRate && stable.rate / 2 >= smallestRate(type) / 10) {
    const value = niceBelow(Math.min(usual, stable.rate / 2));
    return lowered(model, value, fixWords().curvatureAllows);
  }
  return isWildRate(model) ? lowered(model, usual, fixWords().usualRate) : rateFix(model, 0.1);
}

function lowered(model: ResolvedModel, value: number, why: string): MaybeFix {
  if (!(value < model.training.optimizer.learningRate)) return undefined;
  return {
    id: "lower-learning-rate",
    title: fixWords().lowerRate({ value, why }),
    edits: optimizerEdits(model, { learningRate: value }),
  };
}

/** New values of an optimizer's arguments. */
export type OptimizerChange = {
  readonly [key in "learningRate" | "epsilon" | "momentum" | "initialAccumulator"]?: number;
};

/**
 * Also writes the optimizer's type and arguments if they are missing: they may be the default, or those of a section
 * that this one overrides.
 */
export function optimizerEdits(model: ResolvedModel, changed: OptimizerChange): readonly ConfigEdit[] {
  const { type, learningRate, ...others } = model.training.optimizer;
  const path = [...model.trainingPath, "optimizer"];
  const usual = new Map<string, number | boolean>(Object.entries(optimizerDefaults[type]));
  const kept = Object.entries(others).filter(([key, v]) => !(key in changed) && v !== usual.get(key));
  return Object.entries<string | number | boolean>({ type, learningRate, ...Object.fromEntries(kept), ...changed }).map(
    ([key, value]) => ({ path: [...path, key], value }),
  );
}

/** Writes the whole schedule: it may be the default, or that of a section that this one overrides. */
export function warmupEdit({ training, trainingPath }: ResolvedModel, warmup: number): ConfigEdit {
  const value: { [key: string]: JsonValue } = {};
  for (const [key, v] of Object.entries<string | number | null>({ ...training.schedule, warmup }))
    if (v !== null) value[key] = v;
  return { path: [...trainingPath, "schedule"], value };
}

/** An optimizer that divides by the usual size of each gradient, if the present one does not (Kingma & Ba 2015). */
export function adaptiveFix(model: ResolvedModel): MaybeFix {
  const { type } = model.training.optimizer;
  if (type !== "sgd" && type !== "momentum") return undefined;
  const value = { type: "adam", learningRate: 0.001 };
  return {
    id: "adam",
    title: fixWords().adam,
    edits: [{ path: [...model.trainingPath, "optimizer"], value }],
  };
}

/** Share below which one of two classes is rare. */
const rare = 0.1;

/**
 * Weighs the loss by class if one of two is rare. @param positives share of the samples of class 1; NaN if not known
 */
export function classWeightFix({ training, trainingPath }: ResolvedModel, positives: number): MaybeFix {
  const share = Math.min(positives, 1 - positives);
  if (training.loss !== "binaryCrossentropy" || training.classWeight !== null || !(share > 0 && share < rare))
    return undefined;
  return {
    id: "class-weight",
    title: fixWords().classWeight,
    edits: [{ path: [...trainingPath, "classWeight"], value: "balanced" }],
  };
}

/** A learning rate that falls when the loss stands still, if none falls yet. */
export function plateauFix(model: ResolvedModel): MaybeFix {
  if (model.training.schedule.type !== "constant") return undefined;
  const { warmup } = model.training.schedule;
  return {
    id: "reduce-on-plateau",
    title: fixWords().plateau,
    edits: [
      {
        path: [...model.trainingPath, "schedule"],
        value: { type: "reduceOnPlateau", ...(warmup === 0 ? {} : { warmup }) },
      },
    ],
  };
}

/**
 * The regularizer Ω of Pascanu et al. 2013, for models made only of layers that it supports; with clipping, because its
 * own gradient may be large while timesteps do not yet keep the norm.
 */
export function gradientNormFix(model: ResolvedModel): MaybeFix {
  if (model.training.gradientNormRegularizer !== null || model.layers.every((l) => l.type !== "simpleRNN"))
    return undefined;
  if (beyondGradientNorm(model.layers).length > 0) return undefined;
  const fix = {
    id: "gradient-norm-regularizer",
    title: fixWords().normPenalty,
    edits: [{ path: [...model.trainingPath, "gradientNormRegularizer"], value: { alpha: 2 } }],
  };
  return together(fix, clips(model) ? undefined : clipFix(model, 1), fixWords().andClip);
}

/** Cuts the gradient beyond the lag, if the sequence is longer: the task loses nothing it needs. */
export function truncateFix(model: ResolvedModel, lag: number | null, timesteps: number): MaybeFix {
  const value = (lag ?? timesteps) + 1;
  if (value >= timesteps || (model.training.truncate ?? timesteps) <= value) return undefined;
  return {
    id: "truncate",
    title: fixWords().truncate(value),
    edits: [{ path: [...model.trainingPath, "truncate"], value }],
  };
}

/** Lets the gradient travel over the whole lag if truncation stops it earlier. */
export function untruncateFix(model: ResolvedModel, lag: number): MaybeFix {
  const { truncate } = model.training;
  if (truncate === null || truncate > lag) return undefined;
  return {
    id: "untruncate",
    title: fixWords().untruncate(lag + 1),
    edits: [{ path: [...model.trainingPath, "truncate"], value: lag + 1 }],
  };
}

export function longerFix(model: ResolvedModel): MaybeFix {
  const { length } = model.training;
  const [key, now, most] = "steps" in length ? ["steps", length.steps, maxSteps] : ["epochs", length.epochs, maxEpochs];
  const value = Math.min(2 * now, most);
  if (value === now) return undefined;
  return {
    id: "train-longer",
    title: fixWords().trainFor({ value, key }),
    edits: [{ path: [...model.trainingPath, key], value }],
  };
}
