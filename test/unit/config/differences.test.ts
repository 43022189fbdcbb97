import { describe, expect, it } from "vitest";
import { differencesOf, mostDifferences } from "../../../src/config/differences.ts";
import { parseConfig } from "../../../src/config/parse.ts";

const rnn = { type: "simpleRNN", units: 8, activation: "tanh" };
const dense = { type: "dense", units: 1 };

function modelOf(layers: readonly object[], training: object = {}) {
  const data = { task: "addingProblem", length: 20, samples: 64 };
  const text = JSON.stringify({ data, training: { batchSize: 8, ...training }, models: { m: { layers } } });
  const { config, problems } = parseConfig(text);
  const model = config?.models[0];
  if (!model) throw new Error(JSON.stringify(problems));
  return model;
}

describe("the differences of two models", () => {
  it("are the values that differ, by their keys", () => {
    const here = modelOf([rnn, dense]);
    const there = modelOf([{ ...rnn, units: 16 }, dense], { optimizer: { type: "adam", learningRate: 0.5 } });
    expect(differencesOf(here, there)).toEqual([
      { key: "layers[0].units", here: "8", there: "16" },
      { key: "training.optimizer.learningRate", here: "0.001", there: "0.5" },
    ]);
    expect(differencesOf(here, modelOf([rnn, dense]))).toEqual([]);
  });

  it("say which side has no such value", () => {
    const found = differencesOf(modelOf([rnn, dense]), modelOf([{ type: "lstm", units: 8 }, dense]));
    expect(found).toEqual([
      { key: "layers[0].type", here: "simpleRNN", there: "lstm" },
      { key: "layers[0].activation", here: "tanh", there: "–" },
    ]);
  });

  it("are few, however different the models are", () => {
    const many = modelOf([rnn, ...Array.from({ length: 40 }, (_, i) => ({ type: "dense", units: i + 1 })), dense]);
    const found = differencesOf(modelOf([rnn, dense]), many);
    expect(found).toHaveLength(mostDifferences + 1);
    expect(found.at(-1)?.key).toMatch(/^and \d+ more$/);
  });
});
