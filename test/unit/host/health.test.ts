import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { healthOf } from "../../../src/host/testing/health.ts";
import { configText, ended, type Harness, harness, target } from "./runHarness.ts";

let h: Harness;
beforeEach(() => {
  h = harness();
});
afterEach(() => h.dispose());

const probed = (first: string) =>
  ended(h.runs, h.runs.start("probe", target(configText(first), first), "user")).then(healthOf);

describe("the health of a model", () => {
  it("is what its findings above information say, at the model and not over the sparkline of a layer", async () => {
    const run = await ended(h.runs, h.runs.start("probe", target(configText(), "good"), "user"));
    const grave = run.findings.filter(({ severity }) => severity !== "information");
    const health = healthOf(run);
    expect(health.kind).toBe(grave.length === 0 ? "passed" : "failed");
    const warned = healthOf({
      ...run,
      findings: [
        {
          id: "a",
          code: "dead-units",
          severity: "warning",
          model: "good",
          layer: null,
          weight: null,
          place: ["models", "good", "layers", 0],
          timesteps: null,
          step: 1,
          message: "m",
          explanation: "e",
          evidence: {},
          fixes: [{ id: "f", title: "t", edits: [] }],
        },
      ],
    });
    expect(warned).toEqual({
      kind: "failed",
      problems: [{ message: "m\ne\n› t", place: ["models", "good"] }],
    });
  });

  it("is an error where it could not be measured", async () => {
    expect(await probed("refused")).toMatchObject({ kind: "errored" });
  });
});
