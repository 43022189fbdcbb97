/** What the checks of an output receive, and what they find. */

import type { JsonPath, ResolvedModel } from "../../config/resolved.ts";
import type { Finding, Fix, Severity } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import type { LossPlace } from "../fixes/lossEdit.ts";
import { typePlace, written } from "../layerSource.ts";
import type { Learning } from "../learning.ts";
import type { Link } from "../outputChain.ts";

export interface Context {
  /** The run, with the facts, the loss and the baseline of the output. */
  readonly history: RunHistory;
  /** The model, with the loss of the output. */
  readonly model: ResolvedModel;
  /** The output among several; null: the only one. */
  readonly output: LossPlace | null;
  readonly learning: Learning;
  /** The links from the output back. */
  readonly chain: readonly Link[];
}

export interface Mismatch {
  /** Distinguishes several findings about one layer. */
  readonly kind: string;
  readonly severity: Severity;
  readonly layer: LayerInfo | null;
  readonly place: JsonPath;
  readonly message: string;
  readonly explanation: string;
  readonly evidence: Finding["evidence"];
  readonly fixes: readonly Fix[];
}

/** The place of an array of targets: of the output, if there are several. */
export function targetsPlace({ model, output }: Context): JsonPath {
  return [...model.dataPath, "targets", ...(output === null ? [] : [output.name])];
}

export type Check = (context: Context) => readonly Mismatch[];

/** The place of the activation if it is written, else of the layer's type. */
export function activationPlace({ source }: Link): JsonPath {
  return written(source, "activation") ?? typePlace(source);
}

/** Lowers a fault to information if the net learns in spite of it. */
export function unlessLearnt(severity: Severity, { state }: Learning): Severity {
  if (state !== "left") return severity;
  return severity === "error" ? "warning" : "information";
}
