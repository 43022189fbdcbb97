/** Problems of configs in the reader's language: none of their words is outside of the catalogue, and fixes stay the same. */

import { afterEach, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import { languages, type Spoken, speak } from "../../../src/messages/language.ts";
import { outsideOfBrackets } from "../../../src/messages/pseudo.ts";

afterEach(() => speak("en"));

const layers = [
  { type: "lstm", units: 4 },
  { type: "dense", units: 1 },
];
const model = (own: object): object => ({ data: { task: "addingProblem" }, models: { net: { layers, ...own } } });
const layer = (own: object): object => model({ layers: [own, ...layers.slice(1)] });
const data = (own: object): object => ({ data: own, models: { net: { layers } } });
const training = (own: object): object => ({ ...model({}), training: own });

/** Configs with a mistake each, of all kinds. */
const wrong: readonly (string | object)[] = [
  "",
  "[",
  '{ "data": tru }',
  '{ "data" {} }',
  "[1]",
  '{ "data": {}, "data": {} }',
  { modles: {} },
  { ...model({}), training: 3 },
  { data: { task: "addingProblem" } },
  { data: { task: "addingProblem" }, models: 1 },
  { data: { task: "addingProblem" }, models: {} },
  { models: { net: { layers } } },
  model({ layers: 4 }),
  model({ layers: [] }),
  model({ extends: "nte" }),
  model({ extends: "net" }),
  model({ file: "net.keras" }),
  model({ outputs: ["none"] }),
  { data: { task: "addingProblem" }, models: { net: {} } },
  { data: { task: "addingProblem" }, models: { " ": { layers } } },
  layer({ type: "lstn", units: 4 }),
  layer({ type: "lstm" }),
  layer({ units: 4 }),
  layer({ type: "lstm", units: 0 }),
  layer({ type: "lstm", unit: 4 }),
  layer({ type: "lstm", units: "many" }),
  layer({ type: "lstm", units: 4, kernelInitializer: { type: "chrono", maxLag: 10 } }),
  layer({ type: "lstm", units: 4, kernelInitializer: 3 }),
  layer({ type: "lstm", units: 4, kernelRegularizer: "l3" }),
  layer({ type: "lstm", units: 4, kernelConstraint: "no" }),
  layer({ type: "lstm", units: 4, inputs: ["lost"] }),
  layer({ type: "lstm", units: 4, initialState: ["dense.h"] }),
  layer({ type: "lstm", units: 4, stateful: true, initialState: ["input"] }),
  layer({ type: "lstm", units: 4, peepholeInitializer: "zeros" }),
  layer({ type: "lstm", units: 4, biasInitializer: { type: "chrono", maxLag: 100 } }),
  layer({ type: "add" }),
  layer({ type: "dot", inputs: ["input"] }),
  layer({ type: "lstmCell", units: 4 }),
  layer({ type: "shared", layer: "nothing" }),
  layer({ type: "bidirectional", layer: { type: "rnn", cell: { type: "gruCell", units: 2 } } }),
  layer({ type: "permute", dims: [1, 1] }),
  data({ task: "adding" }),
  data({ task: "addingProblem", file: "x.csv" }),
  data({ window: 3 }),
  data({ task: "delayedRecall", length: 10, cue: 20 }),
  data({ task: "addingProblem", samples: 1_000_000, length: 100_000 }),
  data({ file: "x.csv", inputs: ["a"], targets: ["b"], standardize: true, minMax: true }),
  data({ file: "x.csv", inputs: ["a", "a"], targets: ["b"], oneHot: { c: ["x"] } }),
  data({ file: "x.csv", inputs: ["a"], targets: ["b"], window: 4, shuffle: true }),
  data({ inputs: { file: "x.npy" }, targets: 4 }),
  training({ steps: 1, epochs: 1 }),
  training({ optimizer: { type: "adan" } }),
  training({ optimizer: { type: "adam", learningRate: -1 } }),
  training({ schedule: { type: "cosin" } }),
  training({ loss: "meanSquaredError", metrics: ["accuracy"] }),
  training({ loss: "meanSquaredError", fromLogits: true }),
  training({ loss: "meanSquaredError", classWeight: { one: 1 } }),
  training({ loss: {} }),
  training({ batchSize: 1_000_000 }),
  training({ checkpoint: { folder: "../x" } }),
  training({ earlyStopping: { monitor: "testLoss" } }),
  { ...model({}), diagnosis: { "vanishing-through-time": 3 } },
];

function problemsIn(language: Spoken, config: string | object): ReturnType<typeof parseConfig>["problems"] {
  speak(language);
  return parseConfig(typeof config === "string" ? config : JSON.stringify(config)).problems;
}

it.each(wrong)("says only words of the catalogue of %j", (config) => {
  const problems = problemsIn("pseudo", config);
  expect(problems.length).toBeGreaterThan(0);
  const said = problems.flatMap(({ message, fixes }) => [message, ...(fixes ?? []).map(({ title }) => title)]);
  expect(said.filter((text) => /[A-Za-z]{3}/.test(outsideOfBrackets(text)))).toEqual([]);
});

it.each(wrong)("finds the same in each language, with the same fixes, of %j", (config) => {
  const [english, ...others] = languages.map((language) => problemsIn(language, config));
  const facts = (problems: typeof english) =>
    problems?.map(({ severity, path, on, fixes }) => ({ severity, path, on, edits: fixes?.map(({ edits }) => edits) }));
  for (const other of others) {
    expect(facts(other)).toEqual(facts(english));
    for (const [i, { message }] of other.entries()) {
      expect(message).toMatch(/\p{Script=Han}/u);
      expect(message).not.toBe(english?.[i]?.message);
      expect(message).toMatch(/[。？]$/);
    }
  }
});

it("suggests a name in Chinese as in English", () => {
  const [problem] = problemsIn("zh", layer({ type: "lstn", units: 4 }));
  expect(problem?.message).toBe("“lstn”不是层。是否想写“lstm”？");
  expect(problem?.fixes?.[0]).toMatchObject({ id: "did-you-mean", title: "改为“lstm”" });
});
