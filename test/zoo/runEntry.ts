/** Trains an entry in full and hears the rules on the way. */

import path from "node:path";
import { parseConfig } from "../../src/config/parse.ts";
import { reseeded } from "../../src/config/reseeded.ts";
import type { ResolvedModel } from "../../src/config/resolved.ts";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { recordedRun } from "../../src/engine/training/recordedRun.ts";
import type { RunEnd } from "../../src/protocol/engineMessages.ts";
import type { Finding } from "../../src/protocol/finding.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import type { BackendInfo } from "../../src/protocol/run.ts";
import type { ZooEntry } from "./entry.ts";
import { type StepFigures, stepFigures } from "./rivals.ts";

export interface ZooRun {
  readonly history: RunHistory;
  readonly end: RunEnd;
  readonly model: ResolvedModel;
  /** What other engines' rules look at, step by step. */
  readonly figures: readonly StepFigures[];
}

export function modelOf({ name, config }: ZooEntry): ResolvedModel {
  const { config: parsed, problems } = parseConfig(config);
  const model = parsed?.models[0];
  if (!model) throw new Error(`${name}: ${problems.map((p) => p.message).join(" ")}`);
  return model;
}

/** @param at steps after which `look` is called with what is known by then. */
export async function runEntry(
  entry: ZooEntry,
  seed: number,
  backend: BackendInfo,
  at: readonly number[] = [],
  look: (step: number, history: RunHistory, findings: readonly Finding[]) => void = () => {},
): Promise<ZooRun> {
  const model = reseeded(modelOf(entry), seed);
  const figures: StepFigures[] = [];
  const configPath = path.resolve("gradlens.json");
  const { end, history } = await recordedRun(
    { runId: entry.name, kind: "train", model, configPath, steps: entry.steps, budget: null },
    {
      backend,
      weights: {
        every: 1,
        sample: (_, weights) => void figures.push(stepFigures(weights, model.training.optimizer.learningRate)),
      },
    },
    undefined,
    (step, soFar) => {
      if (at.includes(step)) look(step, soFar, diagnose(soFar, model));
    },
  );
  if (!history) throw new Error(`${entry.name}: ${JSON.stringify(end)}`);
  return { history, end, model, figures };
}
