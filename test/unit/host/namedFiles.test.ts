import path from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import { namedFiles } from "../../../src/host/findings/namedFiles.ts";

function filesOf(data: string, model = '"layers": [{ "type": "dense", "units": 1 }]'): readonly string[] {
  const { config, problems } = parseConfig(`{ "data": ${data}, "models": { "a": { ${model} } } }`);
  expect(problems).toEqual([]);
  return namedFiles(config!.models[0]!, "/project/nets/gradlens.json");
}

it("are those of the data and of a saved model, relative to the config's folder", () => {
  const at = (...names: readonly string[]): readonly string[] =>
    names.map((name) => path.resolve("/project/nets", name));
  expect(filesOf('{ "task": "addingProblem" }')).toEqual([]);
  expect(filesOf('{ "file": "../a.csv", "inputs": ["x"], "targets": ["y"] }')).toEqual(at("../a.csv"));
  expect(filesOf('{ "task": "characterLanguageModel", "file": "a.txt" }')).toEqual(at("a.txt"));
  expect(filesOf('{ "inputs": { "file": "x.npy" }, "targets": { "file": "y.npy" } }')).toEqual(at("x.npy", "y.npy"));
  expect(
    filesOf('{ "inputs": { "file": "d.npz", "array": "x" }, "targets": { "file": "d.npz", "array": "y" } }'),
  ).toEqual(at("d.npz"));
  expect(filesOf('{ "task": "addingProblem" }', '"file": "saved/model.json"')).toEqual(at("saved/model.json"));
});
