import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";

const recurrent = (more: object) => ({ type: "simpleRNN", units: 2, ...more });

function problemsOf(layer: object, more: object = {}): readonly string[] {
  const text = JSON.stringify({
    data: { task: "addingProblem" },
    ...more,
    models: { m: { layers: [layer, { type: "lstm", units: 1 }, { type: "dense", units: 1 }] } },
  });
  return parseConfig(text).problems.map(({ message, path }) => `${path.join(".")}: ${message}`);
}

const first = "models.m.layers.0";

describe("a lower bound above the upper one", () => {
  it.each([
    [recurrent({ kernelConstraint: { type: "minMaxNorm", minValue: 2, maxValue: 0.5 } }), "kernelConstraint.minValue"],
    // The other one has its usual value.
    [recurrent({ kernelConstraint: { type: "minMaxNorm", minValue: 2 } }), "kernelConstraint.minValue"],
    [recurrent({ biasInitializer: { type: "randomUniform", minval: 1 } }), "biasInitializer.minval"],
    [recurrent({ biasInitializer: { type: "randomUniform", maxval: -1 } }), "biasInitializer.maxval"],
    [{ type: "clip", low: 2, high: 1 }, "low"],
    [
      {
        type: "bidirectional",
        layer: recurrent({ recurrentConstraint: { type: "minMaxNorm", minValue: 3 }, returnSequences: true }),
      },
      "layer.recurrentConstraint.minValue",
    ],
  ])("is reported at its place: %j", (layer, place) => {
    const found = problemsOf(layer);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${first}.${place}: `);
  });

  it("is reported in the thresholds of a rule", () => {
    const diagnosis = { "update-ratio": { low: 1, high: 0.5 } };
    expect(problemsOf({ type: "clip", low: 0, high: 1 }, { diagnosis })).toContain(
      'diagnosis.update-ratio.low: "low" is 1, above "high", which is 0.5.',
    );
  });

  it.each([
    { type: "clip", low: 1, high: 1 },
    recurrent({ kernelConstraint: { type: "minMaxNorm", minValue: 0.5 }, biasConstraint: "minMaxNorm" }),
    recurrent({ kernelConstraint: { type: "maxNorm", maxValue: 0 } }),
    recurrent({ biasInitializer: { type: "randomUniform", minval: -1 } }),
  ])("is not seen in %j", (layer) => {
    expect(problemsOf(layer).filter((text) => text.includes("above"))).toEqual([]);
  });
});
