/** Trains one model of an example in the engine, in this process, and returns the results. */

import path from "node:path";
import type { ResolvedModel } from "../../src/config/resolved.ts";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { runFigures } from "../../src/diagnosis/runFigures.ts";
import { initBackend } from "../../src/engine/backend/ladder.ts";
import { recordedRun } from "../../src/engine/training/recordedRun.ts";
import type { RunFigures } from "../../src/protocol/figures.ts";
import type { Finding } from "../../src/protocol/finding.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import { root } from "../root.ts";

export interface ExampleRun {
  readonly history: RunHistory;
  readonly figures: RunFigures;
  readonly findings: readonly Finding[];
}

/** Path of an example's config. */
export function exampleConfig(folder: string): string {
  return path.join(root, "examples", folder, "gradlens.json");
}

/**
 * Same as `gradlens train --steps`, on the backend that is always available; no checkpoint is written.
 *
 * @param steps null: the config's own number
 * @throws Error if the engine refuses the model or fails
 */
export async function runExample(folder: string, model: ResolvedModel, steps: number | null): Promise<ExampleRun> {
  const backend = await initBackend("wasm");
  const unkept: ResolvedModel = { ...model, training: { ...model.training, checkpoint: null } };
  const { end, history } = await recordedRun(
    { runId: model.name, kind: "train", model: unkept, configPath: exampleConfig(folder), steps, budget: null },
    { backend },
  );
  if (!history || end.kind === "refused" || end.kind === "failed")
    throw new Error(`${folder}, ${model.name}: ${JSON.stringify(end)}`);
  const findings = diagnose(history, model);
  return { history, figures: runFigures(history, findings), findings };
}
