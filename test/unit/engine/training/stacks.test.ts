/** Deep nets as configs describe them: the effect of their depth on the gradient, and that every layer is measured. */

import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import type { JsonValue, ResolvedModel } from "../../../../src/config/resolved.ts";
import { columnIndex } from "../../../../src/protocol/run.ts";
import { useBackend } from "../instrument/backends.ts";
import { profile, type Run, run, series } from "./support.ts";

type Line = { readonly [key: string]: JsonValue };

beforeAll(() => useBackend("wasm"));

function model(
  layers: readonly Line[],
  data: Line = { task: "addingProblem", length: 12, samples: 64 },
): ResolvedModel {
  const { config, problems } = parseConfig(JSON.stringify({ data, models: { m: { layers } } }));
  expect(problems).toEqual([]);
  const [found] = config?.models ?? [];
  if (!found) throw new Error("no model");
  return found;
}

async function measured(layers: readonly Line[], steps = 1, data?: Line): Promise<Run> {
  const result = await run(model(layers, data), { steps });
  expect(result.outcome).toEqual({ kind: "completed" });
  return result;
}

function indexOf({ info }: Run, name: string): number {
  const index = info?.layers.findIndex((layer) => layer.name === name) ?? -1;
  if (index < 0) throw new Error(`no layer ${name} among ${info?.layers.map((l) => l.name).join(", ")}`);
  return index;
}

/** Gradient norm of a layer's output in the first step. */
const outputGradient = (result: Run, name: string): number =>
  series(result, "outputGradientNorm", indexOf(result, name))[0]!;

/** `depth` layers after a first one, with or without a residual sum around each. */
function stack(depth: number, layer: Line, residual: boolean): Line[] {
  const lines: Line[] = [{ ...layer, name: "layer0" }];
  let before = "layer0";
  for (let i = 1; i <= depth; i++) {
    lines.push({ ...layer, name: `layer${i}`, inputs: [before] });
    if (residual) lines.push({ type: "add", name: `sum${i}`, inputs: [before, `layer${i}`] });
    before = residual ? `sum${i}` : `layer${i}`;
  }
  return lines;
}

const last: Line = { type: "dense", units: 1 };

describe("a residual connection around each layer", () => {
  it("keeps the gradient of eight dense layers, which otherwise loses two decades or more", async () => {
    const dense = { type: "dense", units: 16, activation: "sigmoid" };
    const ratio = async (residual: boolean): Promise<number> => {
      const result = await measured([...stack(8, dense, residual), { type: "globalAveragePooling1d" }, last]);
      return outputGradient(result, "layer0") / outputGradient(result, residual ? "sum8" : "layer8");
    };
    expect(await ratio(false)).toBeLessThan(0.01);
    const kept = await ratio(true);
    expect(kept).toBeGreaterThan(0.5);
    expect(kept).toBeLessThan(10);
  });

  it("keeps the gradient of four recurrent layers, which are all measured through time", async () => {
    const recurrent = { type: "simpleRNN", units: 16, activation: "sigmoid", returnSequences: true };
    const through = async (residual: boolean): Promise<Run> =>
      await measured([...stack(4, recurrent, residual), { type: "globalAveragePooling1d" }, last]);
    const [plain, sums] = [await through(false), await through(true)];
    expect(outputGradient(plain, "layer0") / outputGradient(plain, "layer4")).toBeLessThan(0.05);
    expect(outputGradient(sums, "layer0") / outputGradient(sums, "sum4")).toBeGreaterThan(0.5);
    for (const result of [plain, sums]) {
      for (let i = 0; i <= 4; i++) {
        const norms = profile(result.frames[0], indexOf(result, `layer${i}`), "h.logNorm");
        expect(norms).toHaveLength(12);
        expect([...norms].every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("may contain normalization, in any place", async () => {
    const result = await measured([
      { type: "dense", name: "in", units: 8 },
      { type: "layerNormalization", name: "n1" },
      { type: "gru", name: "r1", units: 8, returnSequences: true },
      { type: "add", name: "s1", inputs: ["in", "r1"] },
      { type: "batchNormalization", name: "n2" },
      { type: "lstm", name: "r2", units: 8, returnSequences: true },
      { type: "add", name: "s2", inputs: ["s1", "r2"] },
      { type: "attention" },
      last,
    ]);
    for (const { name } of result.info?.layers ?? []) expect(outputGradient(result, name), name).toBeGreaterThan(0);
  });
});

it("each direction of a bidirectional layer has all figures of a recurrent layer", async () => {
  const layer = { type: "lstm", units: 6, recurrentActivation: "sigmoid" };
  const result = await measured([{ type: "bidirectional", layer }, last]);
  expect(outputGradient(result, "bidirectional")).toBeGreaterThan(0);
  for (const [direction, reversed] of [
    ["forward", false],
    ["backward", true],
  ] as const) {
    const index = indexOf(result, `bidirectional/${direction}`);
    const info = result.info?.layers[index];
    expect(info).toMatchObject({ type: "lstm", recurrent: { states: ["h", "c"], reversed, method: "kernel" } });
    expect(info?.weights).toEqual(["kernel", "recurrent_kernel", "bias"]);
    for (const channel of [
      "h.logNorm",
      "c.logNorm",
      "h.gain",
      "c.gain",
      "logContribution",
      "gate.forget.high",
    ] as const)
      expect(profile(result.frames[0], index, channel)).toHaveLength(12);
    for (const name of ["h", "c"]) expect(series(result, "horizon", index, name)[0]).toBeGreaterThan(0);
    for (const name of info?.weights ?? [])
      expect(series(result, "weightGradientNorm", index, name)[0], `${direction} ${name}`).toBeGreaterThan(0);
    expect(series(result, "outputGradientNorm", index)[0]).toBeGreaterThan(0);
  }
});

describe("a head at every timestep", () => {
  const data = { task: "copyMemory", length: 8, symbols: 2, alphabet: 3, samples: 256 };
  const classes = 5;
  const body: Line[] = [{ type: "gru", units: 24, recurrentActivation: "sigmoid", returnSequences: true }];
  const head = { type: "dense", name: "head", units: classes, activation: "softmax" };

  it.each([
    ["dense", head, "head"],
    ["timeDistributed", { type: "timeDistributed", name: "head", layer: { ...head, name: "inner" } }, "head/inner"],
  ])("%s learns and is measured", { tags: "thorough" }, async (_, line, inner) => {
    const probe = model([...body, line], data);
    const result = await run(
      {
        ...probe,
        training: {
          ...probe.training,
          optimizer: { type: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
        },
      },
      { steps: 40 },
    );
    expect(result.outcome).toEqual({ kind: "completed" });
    const losses = series(result, "loss");
    expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
    const index = indexOf(result, inner);
    expect(series(result, "weightGradientNorm", index, "kernel")[0]).toBeGreaterThan(0);
    expect(series(result, "outputGradientNorm", indexOf(result, "head"))[0]).toBeGreaterThan(0);
    expect(columnIndex(result.info?.columns ?? [], "horizon", indexOf(result, "gru"), "h")).toBeGreaterThan(0);
  });
});

it("a transformer without recurrence trains, and each part of it is measured", { tags: "thorough" }, async () => {
  const result = await measured(
    [
      { type: "dense", units: 8 },
      { type: "positionalEncoding" },
      { type: "transformerEncoder", heads: 2, normalization: "pre" },
      { type: "transformerEncoder", heads: 2, units: 16, dropout: 0.1 },
      { type: "attention" },
      last,
    ],
    30,
  );
  const losses = series(result, "loss");
  expect(losses.at(-1)!).toBeLessThan(losses[0]!);
  const parts = result.info?.layers.map((l) => l.name).filter((name) => name.startsWith("transformer_encoder/"));
  expect(parts).toHaveLength(5);
  for (const name of parts ?? []) expect(outputGradient(result, name)).toBeGreaterThan(0);
  for (const { path } of result.info?.layers ?? []) expect(path.slice(0, 3)).toEqual(["models", "m", "layers"]);
});
