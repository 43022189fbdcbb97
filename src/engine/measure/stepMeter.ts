/** Collects everything measured in one step and makes a frame from it. */

import { reduceState } from "../../diagnosis/throughTime.ts";
import type { Frame, Profile } from "../../protocol/frame.ts";
import type { Quantity, TestQuantity } from "../../protocol/quantities.ts";
import type { Column, LayerInfo } from "../../protocol/run.ts";
import type { MeasuredLayer } from "../instrument/measuredLayers.ts";
import { l2, magnitude, movement } from "../recording/norms.ts";
import type { CurvatureObserver, WeightObserver } from "../recording/observers.ts";
import type { SequenceMeasurement, StepRecorder } from "../recording/recorder.ts";
import { ActivationStatistics } from "./activations.ts";
import { columnsOf, type Places, placesOf } from "./columns.ts";
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
  readonly #epsilon: number;
  readonly #places: (layer: number | null, name: string | null) => Places;
  readonly #model: Places;
  readonly #ofLayers: readonly Places[];
  readonly #ofWeights: readonly Places[];
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
    this.#epsilon = epsilon;
    this.#places = placesOf(this.columns);
    this.#model = this.#places(null, null);
    this.#ofLayers = layers.map((_, layer) => this.#places(layer, null));
    this.#ofWeights = weights.map(({ layer, name }) => this.#places(layer, name));
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
    for (const [i, places] of this.#ofWeights.entries()) {
      const gradient = before[i];
      const limited = clipped[i];
      if (!gradient || !limited) continue;
      const { norm, zeros, nonFinite } = magnitude(gradient);
      const limitedNorm = limited === gradient ? norm : l2(limited);
      total += norm ** 2;
      totalClipped += limitedNorm ** 2;
      this.#set(places, "weightGradientNorm", norm);
      this.#set(places, "weightClippedGradientNorm", limitedNorm);
      this.#set(places, "weightGradientZeros", gradient.length === 0 ? 0 : zeros / gradient.length);
      this.#set(places, "weightNonFinite", nonFinite);
    }
    this.#set(this.#model, "gradientNorm", Math.sqrt(total));
    this.#set(this.#model, "clippedGradientNorm", Math.sqrt(totalClipped));
  }

  updated(former: readonly Float32Array[], present: readonly Float32Array[]): void {
    for (const [i, places] of this.#ofWeights.entries()) {
      const before = former[i];
      const after = present[i];
      if (!before || !after) continue;
      const { norm, update } = movement(before, after);
      this.#set(places, "weightNorm", norm);
      // From zero (a fresh bias), any update is the whole weight: ratio 1.
      this.#set(places, "weightUpdateRatio", update === 0 ? 0 : update / (norm === 0 ? update : norm));
    }
  }

  due(step: number): boolean {
    return isMeasured(step);
  }

  stable(factor: number): void {
    this.#stable = factor;
  }

  penalty(value: number): void {
    this.#set(this.#model, "penalty", value);
  }

  /** Makes the step's frame and resets the meter for the next step. */
  frame(runId: string, step: number, scalars: StepScalars): Frame {
    this.#set(this.#model, "loss", scalars.loss);
    this.#set(this.#model, "milliseconds", scalars.milliseconds);
    this.#set(this.#model, "learningRate", scalars.learningRate);
    this.#set(this.#model, "stableRate", this.#stable * scalars.learningRate);
    this.#stable = Number.NaN;
    for (const [name, value] of Object.entries(scalars.metrics ?? {}))
      this.#set(this.#places(null, name), "metric", value);
    if (scalars.test) {
      const { loss, accuracy, metrics = {} } = scalars.test;
      for (const [name, value] of Object.entries(metrics)) this.#set(this.#places(null, name), "testMetric", value);
      this.#set(this.#model, "testLoss", Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss);
      if (accuracy !== null) this.#set(this.#model, "testAccuracy", accuracy);
    }
    const all: Profile[] = [];
    for (const [layer, info] of this.#layers.entries()) {
      const activation = this.#activations[layer];
      const places = this.#ofLayers[layer]!;
      if (activation) {
        this.#set(places, "activationMean", activation.mean);
        this.#set(places, "activationStd", activation.std);
        this.#set(places, "activationDead", activation.dead);
        this.#set(places, "activationSaturated", activation.saturated);
        this.#set(places, "activationNonFinite", activation.nonFinite);
        activation.reset();
      }
      this.#set(places, "stateNonFiniteFrom", this.#nonFiniteFrom[layer] ?? 0);
      this.#set(places, "outputGradientNorm", Math.sqrt(this.#outputGradients[layer] ?? 0));
      const measurement = info.recurrent && mergePasses(this.#sequences[layer] ?? [], info.recurrent.timesteps);
      this.#sequences[layer] = [];
      if (!measurement) continue;
      for (const { name, logNorm, gain, nonFinite } of measurement.states) {
        const reduced = reduceState(logNorm, gain, this.#epsilon);
        const ofState = this.#places(layer, name);
        this.#set(ofState, "horizon", reduced.horizon);
        this.#set(ofState, "survival", reduced.survival);
        this.#set(ofState, "attenuation", reduced.attenuation);
        this.#set(ofState, "meanGain", reduced.meanGain);
        let broken = 0;
        for (const n of nonFinite) broken += n;
        this.#set(ofState, "stateNonFinite", broken);
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

  #set(places: Places, quantity: Quantity, value: number): void {
    const index = places.get(quantity);
    if (index !== undefined) this.#row[index] = value;
  }
}
