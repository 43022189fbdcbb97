import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { chain, syntheticRun, times } from "./syntheticRun.ts";

const place = ["models", "net", "file"];

function findings(saved: boolean, gain: number) {
  const { history, model } = syntheticRun(
    { layers: [{ type: "simpleRNN", args: { activation: "sigmoid", recurrentInitializer: "randomNormal" } }], saved },
    times(100, () => ({ norm: 1e6, loss: 0.167, states: [{ h: chain(100, gain) }] })),
  );
  return diagnose(history, model);
}

describe("findings in a saved model", () => {
  it.each([
    ["vanishing-through-time", 0.5],
    ["exploding-through-time", 1.5],
  ])("%s is shown at the file, with no edit of layers that are not in the config", (code, gain) => {
    const own = findings(false, gain).find((f) => f.code === code);
    expect(own?.fixes.some((fix) => fix.edits.some((edit) => edit.path[2] === "layers"))).toBe(true);
    const saved = findings(true, gain).find((f) => f.code === code);
    expect(saved?.place).toEqual(place);
    expect(saved?.message).toBe(own?.message);
    const edited = (saved?.fixes ?? []).flatMap((fix) => fix.edits.map((edit) => edit.path[0]));
    expect(edited.every((key) => key === "training")).toBe(true);
  });

  it("keeps the fixes of the training", () => {
    const saved = findings(true, 1.5).find((f) => f.code === "exploding-through-time");
    expect(saved?.fixes.length).toBeGreaterThan(0);
  });
});
