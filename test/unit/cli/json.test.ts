import { describe, expect, it } from "vitest";
import { fromLog, jsonPieces, refusedPieces, unplaced } from "../../../src/cli/json.ts";
import type { Measured } from "../../../src/cli/measured.ts";
import type { Frame } from "../../../src/protocol/frame.ts";
import { syntheticRun } from "../diagnosis/syntheticRun.ts";

const place = { file: "c.json", line: 3, column: 5, endLine: 3, endColumn: 9 };
const placeOf = () => place;

describe("the JSON report", () => {
  it("has the place of every error in the config, beside the messages", () => {
    const errors = [{ message: "c.json:3:5: no", place, fixes: [] }, unplaced("the engine failed")];
    const report = JSON.parse([...refusedPieces("c.json", errors)].join(""));
    expect(report.errors).toEqual(["c.json:3:5: no", "the engine failed"]);
    expect(report.problems).toEqual([{ message: "c.json:3:5: no", ...place, fixes: [] }]);
    expect(JSON.parse([...refusedPieces(null, [unplaced("x")])].join(""))).not.toHaveProperty("problems");
  });

  it("converts norms from logarithms so that only a true zero is 0", () => {
    expect(fromLog(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(fromLog(-400)).toBe(Number.MIN_VALUE);
    expect(fromLog(400)).toBe(Number.MAX_VALUE);
    expect(fromLog(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(fromLog(Number.NaN)).toBeNaN();
    expect(fromLog(-2)).toBeCloseTo(0.01, 15);
  });

  it("writes non-finite values as strings everywhere", () => {
    const { history, model } = syntheticRun({ layers: [{ type: "simpleRNN", timesteps: 2 }] }, []);
    const frame: Frame = {
      runId: "r",
      seq: 1,
      steps: Float64Array.of(1),
      rows: new Float64Array(history.info.columns.length).fill(Number.NaN),
      profiles: (["h.logNorm", "h.gain", "h.nonFinite"] as const).map((channel) => {
        const values = Float64Array.of(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
        return { layer: 0, channel, values, max: values };
      }),
    };
    const finding = {
      id: "x",
      code: "non-finite",
      severity: "error",
      model: "net",
      layer: null,
      weight: null,
      place: [],
      timesteps: null,
      step: 1,
      message: "m",
      explanation: "e",
      evidence: { value: Number.NaN, limit: Number.NEGATIVE_INFINITY },
      fixes: [{ id: "f", title: "Fix it", edits: [] }],
    } as const;
    const measured: Measured = {
      model,
      outcome: { kind: "completed" },
      history,
      frames: [frame],
      findings: [finding],
      warnings: [],
      milliseconds: 1,
    };
    const text = [...jsonPieces({ config: "c.json", results: [measured], placeOf, errors: [] })].join("");
    const parsed = JSON.parse(text).models.net;
    expect(parsed.steps[0].loss).toBe("NaN");
    expect(parsed.steps[0].layers.layer_0.states.h).toEqual({
      gradientNorm: [0, "Infinity"],
      gain: ["-Infinity", "Infinity"],
      contribution: [],
      nonFinite: ["-Infinity", "Infinity"],
    });
    expect(parsed.findings).toEqual([
      {
        code: "non-finite",
        severity: "error",
        layer: null,
        ...place,
        timesteps: null,
        evidence: { value: "NaN", limit: "-Infinity" },
        message: "m",
        fixes: ["Fix it"],
      },
    ]);
  });

  it("has the metrics that the config asks for, and those of a test if there was one", () => {
    const { history, model } = syntheticRun({ layers: [] }, []);
    const columns = [
      ...history.info.columns,
      { quantity: "metric", layer: null, name: "accuracy" },
      { quantity: "testMetric", layer: null, name: "accuracy" },
    ] as const;
    const info = { ...history.info, columns };
    const frame = (step: number, tested: number): Frame => ({
      runId: "r",
      seq: step,
      steps: Float64Array.of(step),
      rows: Float64Array.from(columns, (_, i) =>
        i < columns.length - 2 ? 1 : i === columns.length - 2 ? 0.5 : tested,
      ),
      profiles: [],
    });
    const measured: Measured = {
      model,
      outcome: { kind: "completed" },
      history: { ...history, info },
      frames: [frame(1, Number.NaN), frame(2, 0.75)],
      findings: [],
      warnings: [],
      milliseconds: 1,
    };
    const [first, second] = JSON.parse(
      [...jsonPieces({ config: "c", results: [measured], placeOf, errors: [] })].join(""),
    ).models.net.steps;
    expect(first.metrics).toEqual({ accuracy: 0.5 });
    expect(first).not.toHaveProperty("testMetrics");
    expect(second.testMetrics).toEqual({ accuracy: 0.75 });
  });
});
