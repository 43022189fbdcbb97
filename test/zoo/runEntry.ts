/** Runs an entry: in full, or as a probe. */

import { parseConfig } from "../../src/config/parse.ts";
import type { ResolvedModel } from "../../src/config/resolved.ts";
import { reseeded } from "../../src/diagnosis/verify/arms.ts";
import { recordedRun } from "../../src/engine/training/recordedRun.ts";
import type { RunEnd } from "../../src/protocol/engineMessages.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import type { BackendInfo, RunKind } from "../../src/protocol/run.ts";
import { configPathOf } from "./dataFolder.ts";
import type { ZooEntry } from "./entry.ts";
import { type StepFigures, stepFigures } from "./rivals.ts";

export interface ZooRun {
  /** Null: refused before its first step. */
  readonly history: RunHistory | null;
  readonly end: RunEnd;
  /** Figures for other engines' rules, step by step. */
  readonly figures: readonly StepFigures[];
}

export interface RunSpec {
  readonly kind: RunKind;
  readonly seed: number;
  readonly steps: number;
  /** Called after each step. */
  readonly each?: (step: number, history: RunHistory) => void;
}

export function modelOf({ name, config }: Pick<ZooEntry, "name" | "config">): ResolvedModel {
  const { config: parsed, problems } = parseConfig(config);
  const model = parsed?.models[0];
  if (!model) throw new Error(`${name}: ${problems.map((p) => p.message).join(" ")}`);
  return model;
}

/** Rejects if the engine fails; a run that is refused or diverges is an outcome. */
export async function runEntry(
  entry: Pick<ZooEntry, "name" | "config" | "files">,
  { kind, seed, steps, each = () => {} }: RunSpec,
  backend: BackendInfo,
): Promise<ZooRun> {
  const model = reseeded(modelOf(entry), seed);
  const figures: StepFigures[] = [];
  const enough = new AbortController();
  // A probe has no planned end: it is stopped, as the editor's probe is when its time is over.
  const planned = kind === "train" ? steps : null;
  const { end, history } = await recordedRun(
    { runId: entry.name, kind, model, configPath: configPathOf(entry), steps: planned, budget: null },
    {
      backend,
      weights: {
        every: 1,
        sample: (_, weights) => void figures.push(stepFigures(weights, model.training.optimizer.learningRate)),
      },
    },
    enough.signal,
    (step, soFar) => {
      each(step, soFar);
      if (step >= steps) enough.abort();
    },
  );
  if (end.kind === "failed") throw new Error(`${entry.name}: ${end.message}`);
  return { history, end, figures };
}
