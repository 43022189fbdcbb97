/** What the checks of an output receive, and what they find. */

import type { JsonPath, ResolvedModel } from "../../config/resolved.ts";
import type { Finding, Fix, Severity } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { typePlace, written } from "../layerSource.ts";
import type { Learning } from "../learning.ts";
import type { Link } from "../outputChain.ts";

export interface Context {
  readonly history: RunHistory;
  readonly model: ResolvedModel;
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
