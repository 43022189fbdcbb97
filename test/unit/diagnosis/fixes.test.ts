import { describe, expect, it } from "vitest";
import { applyToText } from "../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { chain, type LayerSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

type Args = { readonly [key: string]: JsonValue };

function configText(layer: LayerSpec, training: Args): string {
  const inner = { type: layer.type, ...layer.args };
  const entry = layer.inner ? { type: "bidirectional", layer: inner } : inner;
  const config = {
    data: { task: "addingProblem", length: 100 },
    training,
    models: { net: { layers: [entry, { type: "dense", units: 1 }] } },
  };
  return `// A comment to keep.\n${JSON.stringify(config, null, 2)}\n`;
}

const vanishing = times(100, () => ({ states: [{ h: chain(100, 0.3), c: chain(100, 0.3) }] }));
const exploding = times(30, (i) => ({
  kernel: i === 20 ? 90 : 0.1,
  states: [{ h: chain(100, 1.5), c: chain(100, 1.5) }],
}));
const broken = [...exploding, { loss: Number.NaN, activationNonFinite: 3 }];

const cells: readonly LayerSpec[] = [
  { type: "simpleRNN", args: { units: 8 } },
  {
    type: "simpleRNN",
    args: { units: 8, activation: "sigmoid", recurrentInitializer: { type: "randomNormal", stddev: 0.1 } },
  },
  {
    type: "simpleRNN",
    args: { units: 8, activation: "relu", recurrentInitializer: "identity", kernelInitializer: "ones" },
  },
  { type: "simpleRNN", args: { units: 8, recurrentInitializer: { type: "orthogonal", gain: 2 } }, inner: true },
  { type: "gru", args: { units: 8, recurrentInitializer: "glorotNormal" } },
  { type: "lstm", args: { units: 8, unitForgetBias: false, activation: "sigmoid" }, states: ["h", "c"] },
];
const trainings: readonly Args[] = [{}, { clip: { value: 3 }, optimizer: { type: "sgd", learningRate: 0.1 } }];

describe("every fix", () => {
  const steps: readonly [string, readonly StepSpec[]][] = [
    ["vanishing", vanishing],
    ["exploding", exploding],
    ["non-finite", broken],
  ];
  it.each(steps)("of a net that is %s is an edit after which the config is sound and different", (_, run) => {
    let tried = 0;
    for (const layer of cells)
      for (const training of trainings) {
        const text = configText(layer, training);
        expect(parseConfig(text).problems).toEqual([]);
        const { history, model } = syntheticRun({ layers: [layer] }, run);
        for (const finding of diagnose(history, model))
          for (const fix of finding.fixes) {
            const edited = applyToText(text, fix.edits);
            expect(parseConfig(edited).problems, `${fix.title}\n${edited}`).toEqual([]);
            expect(edited).toContain("// A comment to keep.");
            expect(JSON.stringify(parseConfig(edited).config), fix.title).not.toBe(
              JSON.stringify(parseConfig(text).config),
            );
            tried++;
          }
      }
    expect(tried).toBeGreaterThan(20);
  });
});
