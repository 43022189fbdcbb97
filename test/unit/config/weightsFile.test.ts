import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";

const layers = '"layers": [{ "type": "dense", "units": 1 }]';

function weightsOf(models: string): (string | null)[] {
  const { config, problems } = parseConfig(`{ "data": { "task": "addingProblem" }, "models": { ${models} } }`);
  expect(problems).toEqual([]);
  return config?.models.map(({ weights }) => weights && `${weights.name} at ${weights.path.join(".")}`) ?? [];
}

describe("a model's file of weights", () => {
  it("belongs to its layers or to its file", () => {
    expect(weightsOf(`"a": { ${layers}, "weights": "w.h5" }, "b": { "file": "m.json", "weights": "w.h5" }`)).toEqual([
      "w.h5 at models.a.weights",
      "w.h5 at models.b.weights",
    ]);
  });

  it("is inherited with the layers, replaced, or removed", () => {
    const a = `"a": { ${layers}, "weights": "w.h5" }`;
    expect(weightsOf(`${a}, "b": { "extends": "a" }`)[1]).toBe("w.h5 at models.a.weights");
    expect(weightsOf(`${a}, "b": { "extends": "a", "weights": "v.h5" }`)[1]).toBe("v.h5 at models.b.weights");
    expect(weightsOf(`${a}, "b": { "extends": "a", "weights": null }`)[1]).toBeNull();
    expect(weightsOf(`${a}, "b": { "extends": "a", ${layers} }`)[1]).toBeNull();
  });

  it("is a path", () => {
    const { problems } = parseConfig(
      `{ "data": { "task": "addingProblem" }, "models": { "a": { ${layers}, "weights": 3 } } }`,
    );
    expect(problems).toMatchObject([{ severity: "error", path: ["models", "a", "weights"] }]);
  });
});
