import { describe, expect, it } from "vitest";
import { applyToText } from "../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { syntheticRun, times } from "./syntheticRun.ts";

const code = "post-norm-stack";

const config = (blocks: number, block: object = {}, training: object = {}): string =>
  JSON.stringify(
    {
      data: { task: "temporalOrder", length: 10 },
      training: { steps: 500, ...training },
      models: {
        net: {
          layers: [
            ...Array.from({ length: blocks }, () => ({ type: "transformerEncoder", heads: 2, ...block })),
            { type: "flatten" },
            { type: "dense", units: 4, activation: "softmax" },
          ],
        },
      },
    },
    null,
    2,
  );

function found(text: string, loss = 1.39, steps = 60, perBlock = 1.2) {
  const [model] = parseConfig(text).config?.models ?? [];
  if (!model) throw new Error("no model");
  const layers = model.layers.map(({ type, args, name, path }) => ({ type, args, name, path, states: [] }));
  const gradient = layers.map((_, i) => 0.01 * perBlock ** i);
  const { history } = syntheticRun(
    { layers, baselineLoss: 1.39, requiredLag: null },
    times(steps, () => ({ loss, outputGradient: gradient })),
  );
  return diagnose(history, model).filter((f) => f.code === code);
}

describe(code, () => {
  it("warns about six blocks without a warm-up that learn nothing, at the first, with both fixes", () => {
    const text = config(6);
    const [f, ...others] = found(text);
    expect(others).toEqual([]);
    expect(f).toMatchObject({ severity: "warning", place: ["models", "net", "layers", 0, "type"] });
    expect(f?.evidence["lastGradientNorm"]).toBeCloseTo(0.01 * 1.2 ** 5, 9);
    expect(f?.fixes.map((fix) => fix.id)).toEqual(["pre-norm", "warm-up"]);
    for (const fix of f?.fixes ?? []) expect(found(applyToText(text, fix.edits)), fix.id).toEqual([]);
  });

  it("informs before there are enough steps to tell, and is silent about a net that learns", () => {
    expect(found(config(12), 3, 3)).toMatchObject([{ severity: "information" }]);
    expect(found(config(12), 0.3)).toEqual([]);
  });

  it("is silent if the last blocks get no more gradient than the first", () => {
    expect(found(config(12), 1.39, 60, 0.95)).toEqual([]);
  });

  it("is silent about fewer blocks, blocks that normalize before, or a warm-up", () => {
    expect(found(config(5))).toEqual([]);
    expect(found(config(12, { normalization: "pre" }))).toEqual([]);
    expect(found(config(12, {}, { schedule: { type: "constant", warmup: 50 } }))).toEqual([]);
  });

  it("keeps the present schedule and is shown at the written key", () => {
    const text = config(8, { normalization: "post" }, { schedule: { type: "step", every: 30 } });
    const [f] = found(text);
    expect(f?.place).toEqual(["models", "net", "layers", 0, "normalization"]);
    const warm = f?.fixes.find((fix) => fix.id === "warm-up");
    const [after] = parseConfig(applyToText(text, warm?.edits ?? [])).config?.models ?? [];
    expect(after?.training.schedule).toMatchObject({ type: "step", every: 30, warmup: 50 });
  });
});
