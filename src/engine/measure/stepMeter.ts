/** Collects everything measured in one step and makes a frame from it. */

import { reduceState } from "../../diagnosis/throughTime.ts";
import type { Frame, Profile } from "../../protocol/frame.ts";
import type { Quantity, TestQuantity } from "../../protocol/quantities.ts";
import type { Column, LayerInfo } from "../../protocol/run.ts";
import type { MeasuredLayer } from "../instrument/measuredLayers.ts";
import { distance, l2, magnitude } from "../recording/norms.ts";
import type { CurvatureObserver, WeightObserver } from "../recording/observers.ts";
import type { SequenceMeasurement, StepRecorder } from "../recording/recorder.ts";
import { ActivationStatistics } from "./activations.ts";
import { columnsOf } from "./columns.ts";
import { isMeasured } from "./curvature/stableFactor.ts";
import { mergePasses, profiles } from "./sequences.ts";

/** Place of a weight's figures in the rows. */
export interface MeterWeight {
  readonly layer: number;
  readonly name: string;
}

/** What is known about a step besides its measurements. */
export interface StepScalars {
  readonly loss: number;
  readonly milliseconds: number;
  readonly learningRate: number;
  /** Null: not tested at this step. */
  readonly test?: {
    readonly loss: number;
    readonly accuracy: number | null;
    readonly metrics?: { readonly [name: string]: number };
  } | null;
  readonly metrics?: { readonly [name: string]: number };
}

export class StepMeter implements StepRecorder, WeightObserver, CurvatureObserver {
  readonly columns: readonly Column[];
  readonly #layers: readonly LayerInfo[];
  readonly #weights: readonly MeterWeight[];
  readonly #epsilon: number;
  readonly #index: ColumnIndex;
  readonly #activations: readonly ActivationStatistics[];
  /** Σ ‖∂L/∂y‖² per layer, over its uses in the step. */
  readonly #outputGradients: Float64Array;
  readonly #nonFiniteFrom: Float64Array;
  readonly #sequences: SequenceMeasurement[][];
  #row: Float64Array;
  #stable = Number.NaN;

  /**
   * @param infos descriptions of `layers`, one each.
   * @param weights the trainable weights, in the order in which the training step reports them.
   * @param epsilon of the horizon.
   * @param tests what steps can report about the samples held out for testing.
   * @param metrics names of the metrics that steps can report.
   * @param penalized whether layers have regularizers.
   */
  constructor(
    layers: readonly MeasuredLayer[],
    infos: readonly LayerInfo[],
    weights: readonly MeterWeight[],
    epsilon: number,
    tests: readonly TestQuantity[] = [],
    metrics: readonly string[] = [],
    penalized = false,
  ) {
    this.columns = columnsOf(infos, (layer) => layers[layer]?.hasGradient ?? false, tests, metrics, penalized);
    this.#layers = infos;
    this.#weights = weights;
    this.#epsilon = epsilon;
    this.#index = indexOf(this.columns);
    this.#activations = layers.map((layer) => new ActivationStatistics(layer));
    this.#outputGradients = new Float64Array(layers.length);
    this.#nonFiniteFrom = new Float64Array(layers.length);
    this.#sequences = layers.map(() => []);
    this.#row = this.#emptyRow();
  }

  output(layer: number, values: Float32Array, units: number, nonFiniteFrom?: () => number | null): void {
    const activation = this.#activations[layer];
    activation?.add(values, units);
    // Searched only in a run's last steps.
    if (!nonFiniteFrom || !activation || activation.nonFinite === 0) return;
    const from = nonFiniteFrom();
    if (from !== null) this.#nonFiniteFrom[layer] = from;
  }

  outputGradient(layer: number, values: Float32Array): void {
    this.#outputGradients[layer] = (this.#outputGradients[layer] ?? 0) + l2(values) ** 2;
  }

  sequence(layer: number, measurement: SequenceMeasurement): void {
    this.#sequences[layer]?.push(measurement);
  }

  gradients(before: readonly Float32Array[], clipped: readonly Float32Array[]): void {
    let total = 0;
    let totalClipped = 0;
    for (const [i, { layer, name }] of this.#weights.entries()) {
      const gradient = before[i];
      const limited = clipped[i];
      if (!gradient || !limited) continue;
      const { norm, zeros, nonFinite } = magnitude(gradient);
      const limitedNorm = limited === gradient ? norm : l2(limited);
      total += norm ** 2;
      totalClipped += limitedNorm ** 2;
      this.#set("weightGradientNorm", norm, layer, name);
      this.#set("weightClippedGradientNorm", limitedNorm, layer, name);
      this.#set("weightGradientZeros", gradient.length === 0 ? 0 : zeros / gradient.length, layer, name);
      this.#set("weightNonFinite", nonFinite, layer, name);
    }
    this.#set("gradientNorm", Math.sqrt(total));
    this.#set("clippedGradientNorm", Math.sqrt(totalClipped));
  }

  updated(former: readonly Float32Array[], present: readonly Float32Array[]): void {
    for (const [i, { layer, name }] of this.#weights.entries()) {
      const before = former[i];
      const after = present[i];
      if (!before || !after) continue;
      const norm = l2(before);
      const update = distance(after, before);
      this.#set("weightNorm", norm, layer, name);
      // From zero (a fresh bias), any update is the whole weight: ratio 1.
      this.#set("weightUpdateRatio", update === 0 ? 0 : update / (norm === 0 ? update : norm), layer, name);
    }
  }

  due(step: number): boolean {
    return isMeasured(step);
  }

  stable(factor: number): void {
    this.#stable = factor;
  }

  penalty(value: number): void {
    this.#set("penalty", value);
  }

  /** Makes the step's frame and resets the meter for the next step. */
  frame(runId: string, step: number, scalars: StepScalars): Frame {
    this.#set("loss", scalars.loss);
    this.#set("milliseconds", scalars.milliseconds);
    this.#set("learningRate", scalars.learningRate);
    this.#set("stableRate", this.#stable * scalars.learningRate);
    this.#stable = Number.NaN;
    for (const [name, value] of Object.entries(scalars.metrics ?? {})) this.#set("metric", value, null, name);
    if (scalars.test) {
      const { loss, accuracy, metrics = {} } = scalars.test;
      for (const [name, value] of Object.entries(metrics)) this.#set("testMetric", value, null, name);
      this.#set("testLoss", Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss);
      if (accuracy !== null) this.#set("testAccuracy", accuracy);
    }
    const all: Profile[] = [];
    for (const [layer, info] of this.#layers.entries()) {
      const activation = this.#activations[layer];
      if (activation) {
        this.#set("activationMean", activation.mean, layer);
        this.#set("activationStd", activation.std, layer);
        this.#set("activationDead", activation.dead, layer);
        this.#set("activationSaturated", activation.saturated, layer);
        this.#set("activationNonFinite", activation.nonFinite, layer);
        activation.reset();
      }
      this.#set("stateNonFiniteFrom", this.#nonFiniteFrom[layer] ?? 0, layer);
      this.#set("outputGradientNorm", Math.sqrt(this.#outputGradients[layer] ?? 0), layer);
      const measurement = info.recurrent && mergePasses(this.#sequences[layer] ?? [], info.recurrent.timesteps);
      this.#sequences[layer] = [];
      if (!measurement) continue;
      for (const { name, logNorm, gain, nonFinite } of measurement.states) {
        const reduced = reduceState(logNorm, gain, this.#epsilon);
        this.#set("horizon", reduced.horizon, layer, name);
        this.#set("survival", reduced.survival, layer, name);
        this.#set("attenuation", reduced.attenuation, layer, name);
        this.#set("meanGain", reduced.meanGain, layer, name);
        this.#set(
          "stateNonFinite",
          nonFinite.reduce((sum, n) => sum + n, 0),
          layer,
          name,
        );
      }
      all.push(...profiles(layer, measurement));
    }
    this.#outputGradients.fill(0);
    this.#nonFiniteFrom.fill(0);
    const rows = this.#row;
    this.#row = this.#emptyRow();
    return { runId, seq: step, steps: Float64Array.of(step), rows, profiles: all };
  }

  #emptyRow(): Float64Array {
    return new Float64Array(this.columns.length).fill(Number.NaN);
  }

  #set(quantity: Quantity, value: number, layer: number | null = null, name: string | null = null): void {
    const index = this.#index.get(quantity)?.get(layer)?.get(name);
    if (index !== undefined) this.#row[index] = value;
  }
}

/**
 * Place of a column by quantity, layer and name. Nested maps need no string key, because this is looked up for every
 * value of every step.
 */
type ColumnIndex = ReadonlyMap<Quantity, ReadonlyMap<number | null, ReadonlyMap<string | null, number>>>;

function indexOf(columns: readonly Column[]): ColumnIndex {
  const index = new Map<Quantity, Map<number | null, Map<string | null, number>>>();
  for (const [i, { quantity, layer, name }] of columns.entries()) {
    const ofQuantity = index.get(quantity) ?? new Map<number | null, Map<string | null, number>>();
    const ofLayer = ofQuantity.get(layer) ?? new Map<string | null, number>();
    index.set(quantity, ofQuantity);
    ofQuantity.set(layer, ofLayer);
    ofLayer.set(name, i);
  }
  return index;
}
