import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import { type RunMade, runDifferences } from "../../../src/diagnosis/runDifferences.ts";
import { neutralInfo } from "../../../src/tensorboard/description.ts";
import { configText } from "../host/runHarness.ts";
import { syntheticRun } from "./syntheticRun.ts";

const models = parseConfig(configText("good", "other")).config!.models;
const recurrent = (timesteps: number) => syntheticRun({ layers: [{ type: "simpleRNN", timesteps }] }, []).history.info;

/** A run of event files without a description. */
function foreign(settings: { readonly [name: string]: string }): RunMade {
  return { model: null, info: neutralInfo("run", "mine"), settings: new Map(Object.entries(settings)) };
}

describe("what differs between two runs", () => {
  it("is what their configs say, if both have one", () => {
    const [here, there] = models.map((model) => ({ model, info: neutralInfo("run", "net"), settings: new Map() }));
    expect(runDifferences(here!, there!)).toEqual([{ key: "layers[0].activation", here: "sigmoid", there: "–" }]);
  });

  it("is, of two other programs, what they stated: a value that one of them lacks differs, too", () => {
    const found = runDifferences(foreign({ lr: "0.1", units: "8", seed: "1" }), foreign({ lr: "0.01", units: "8" }));
    expect(found).toEqual([
      { key: "lr", here: "0.1", there: "0.01" },
      { key: "seed", here: "1", there: "–" },
    ]);
  });

  it("is, of a config's run and another program's, what both tell", () => {
    const here: RunMade = { model: models[0]!, info: recurrent(20), settings: new Map() };
    const described: RunMade = { model: null, info: recurrent(30), settings: new Map() };
    expect(runDifferences(here, described)).toEqual([{ key: "layers[0].timesteps", here: "20", there: "30" }]);
    expect(runDifferences(here, foreign({ lr: "0.1" }))).toEqual([{ key: "lr", here: "–", there: "0.1" }]);
    expect(runDifferences(here, foreign({}))).toEqual([]);
  });

  it("has an end, however much a program states", () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key ${i}`, "x".repeat(200)]));
    const found = runDifferences(foreign(many), foreign({}));
    expect(found).toHaveLength(20);
    expect(found.every(({ here }) => here.length <= 60)).toBe(true);
  });
});
