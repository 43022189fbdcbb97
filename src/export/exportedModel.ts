/** A model as the exporters see it: layers with their arguments and first weights, and what training is to do. */

import type { JsonPath } from "../config/jsonPath.ts";
import type { LossName, ResolvedModel } from "../config/resolved.ts";

/** One weight, row-major. */
export interface ExportedWeight {
  /** Short name, unique within the layer: `kernel`, `forward/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly trainable: boolean;
}

export interface ExportedLayer {
  /** tf.layers factory name. */
  readonly type: string;
  readonly name: string;
  readonly path: JsonPath;
  /** Names of layers, of states (`encoder.h`) or of the model's input. */
  readonly inputs: readonly string[];
  readonly initialState: readonly string[];
  /** Name of the layer whose weights it uses; null: it has its own. */
  readonly shares: string | null;
  /** The layer's arguments with all defaults, as tfjs describes them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Shape of one sample of its (first) input. */
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly weights: readonly ExportedWeight[];
  /** The layers that a wrapper wraps, or the parts of a block. */
  readonly inner: readonly ExportedLayer[];
}

/** Samples that are held in files beside the script. */
export interface ExportedData {
  readonly samples: number;
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
  /** Whether the targets are class indices. */
  readonly classes: number | null;
  readonly test: number;
  /** Whether each position has a weight in the loss. */
  readonly weighted: boolean;
  /** Whether weights are NaN where a mask removes the position. */
  readonly masked: boolean;
  readonly requiredLag: number | null;
  readonly baseline: number | null;
}

/** An input of the model, with the shape of one sample. */
export interface ExportedInput {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface ExportedOutput {
  /** Name of the layer that gives it. */
  readonly name: string;
  readonly loss: LossName;
  /** Factor in the sum of the losses. */
  readonly weight: number;
  readonly targetShape: readonly number[];
  /** Whether the loss takes logits. */
  readonly logits: boolean;
  /** Whether the layer's softmax or sigmoid is left out for that. */
  readonly bare: boolean;
}

export interface ExportedModel {
  readonly model: ResolvedModel;
  readonly layers: readonly ExportedLayer[];
  /** Several inputs travel as one array, as do several targets: each sample's values follow one another. */
  readonly inputs: readonly ExportedInput[];
  readonly outputs: readonly ExportedOutput[];
  readonly data: ExportedData;
}

/** A part that has no equivalent, with its place in the config. */
export interface Refusal {
  readonly path: JsonPath;
  readonly message: string;
}
