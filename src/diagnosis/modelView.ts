/**
 * What the rules may know of a model. A config says all of it; of a program's model only the measurements tell
 * something. A rule says nothing that rests on what is unknown.
 */

import type { LossName, ResolvedModel } from "../config/resolved.ts";

/** The layers as a graph; empty if they are not known. */
export type LayerGraph = Pick<ResolvedModel, "layers" | "inputs" | "outputs" | "file">;

export interface ModelView extends LayerGraph, Pick<ResolvedModel, "name" | "dataPath" | "trainingPath"> {
  readonly loss: LossName | null;
  /** Whether gradients are clipped; null: not known. */
  readonly clips: boolean | null;
  /** Timesteps after which back-propagation is cut; null: not at all, or not known. */
  readonly truncate: number | null;
  /** Learning rate before any schedule; null: not known. */
  readonly learningRate: number | null;
  /** Whether a loss that is not a number is one that training had, and not one that nobody reported. */
  readonly reportsLoss: boolean;
  /** Whether the rate is far above what its optimizer usually takes; false if it is not known. */
  readonly wildRate: boolean;
}
