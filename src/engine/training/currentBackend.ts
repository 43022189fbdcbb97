/** The current backend, for callers that did not choose one themselves. */

import * as tf from "@tensorflow/tfjs-core";
import type { BackendInfo } from "../../protocol/run.ts";
import { initBackend, ladder } from "../backend/ladder.ts";

/** Describes the current backend; if none was set, sets the best one available. */
export async function currentBackend(): Promise<BackendInfo> {
  const name = tf.engine().backendName;
  return await initBackend(ladder.find((rung) => rung === name) ?? "auto");
}
