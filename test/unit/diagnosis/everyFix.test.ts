/**
 * Tests every fix of every finding for random configs: of all layer types and arguments, in wrappers and cells,
 * inherited.
 */

import fc from "fast-check";
import { expect, it } from "vitest";
import { applyToText } from "../../../src/config/applyEdits.ts";
import { isObject, type JsonObject } from "../../../src/config/merge.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { JsonPath, JsonValue, ResolvedModel } from "../../../src/config/resolved.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { findingCodes } from "../../../src/protocol/finding.ts";
import { budget } from "../../budget.ts";
import { long } from "../../tier.mts";
import { layersArbitrary, meaningOf, trainingArbitrary } from "../config/randomConfig.ts";
import { column, dataFacts, part } from "./dataFacts.ts";
import { chain, type LayerSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const task: JsonObject = { task: "addingProblem", length: 100, samples: 2000, test: 0.2 };
const table: JsonObject = { file: "a.csv", inputs: ["x"], targets: ["y"], window: 5 };

const arrays: JsonObject = { inputs: { file: "x.npy" }, targets: { file: "y.npy" }, standardize: "targets" };
/** Bytes and targets far from 0, padded. */
const unscaled = dataFacts({
  inputs: part(column(120, 70, { min: 0, max: 255, whole: true })),
  targets: part(column(1e4, 10)),
  padding: { at: "end", share: 0.5, longest: 60, masked: false },
});

const sound = (config: JsonValue): boolean => parseConfig(JSON.stringify(config)).problems.length === 0;

/** Sections whose values are each sound need not be sound together. */
const training = trainingArbitrary
  .map(({ checkpoint: _, steps: __, ...rest }) => rest)
  .filter((section) => sound({ data: task, training: section, models: { a: { layers: [{ type: "flatten" }] } } }));

const layers = layersArbitrary.filter((all) => sound({ data: task, models: { a: { layers: [...all] } } }));

const model = fc.record({ layers: layers.map((all): JsonValue => [...all]), training }, { requiredKeys: ["layers"] });
const heir = fc.record(
  { extends: fc.constant("base"), layers: layers.map((all): JsonValue => [...all]), training },
  { requiredKeys: ["extends"] },
);
const config = fc
  .record(
    { data: fc.constantFrom(task, table, arrays), training, models: fc.record({ base: model, heir }) },
    { requiredKeys: ["data", "models"] },
  )
  .filter(sound);

/**
 * The config as text with comments before and after the content of a line, layers on one or several lines, and optional
 * trailing commas. There are no comments within a layer's arguments, because a fix may remove these as a whole.
 */
function print(value: JsonValue, marks: readonly number[], inline: boolean, commas: boolean): string {
  const lines = JSON.stringify(value, null, 2).split("\n");
  const folded = inline ? fold(lines) : lines;
  return folded
    .map((line, i) => (commas && /[^[{,]$/.test(line) && /^\s*[}\]]/.test(folded[i + 1] ?? "") ? `${line},` : line))
    .map((line, i) => {
      const mark = /^ {11}|^ {10}.*[[{]$/.test(line) ? 0 : marks[i % marks.length];
      if (mark === 1) return `${line} // k${i}`;
      return mark === 2 ? line.replace(/^(\s*)(["{])/, `$1/* k${i} */ $2`) : line;
    })
    .join("\n");
}

/** Joins the lines of each entry of `layers`, indented by 8 blanks. */
function fold(lines: readonly string[]): string[] {
  const text = lines.join("\n");
  return text.replace(/^ {8}\{\n[\s\S]*?^ {8}\}/gm, (entry) => entry.replace(/\n\s*/g, " ")).split("\n");
}

const facts: { readonly [type: string]: Pick<LayerSpec, "states" | "gates"> } = {
  simpleRNN: { states: ["h"] },
  gru: { states: ["h"], gates: ["update", "reset"] },
  lstm: { states: ["h", "c"], gates: ["input", "forget", "output"] },
  convLstm2d: { states: ["h", "c"], gates: ["input", "forget", "output"] },
  externalMemory: { states: ["h", "c", "m"], gates: ["input", "forget", "output"] },
};

/** The layers that the engine would measure. */
function specsOf({ layers: entries }: ResolvedModel): readonly LayerSpec[] {
  return entries.flatMap(({ type, name, args, path }): LayerSpec[] => {
    const own = spec(type, args, name, path);
    const inner = args["layer"];
    if (inner === undefined || !isObject(inner)) return [own];
    const innerType = String(inner["type"]);
    const within = (part: string, reversed: boolean): LayerSpec => ({
      ...spec(innerType, inner, `${name}/${part}`, [...path, "layer"]),
      reversed,
    });
    return type === "bidirectional"
      ? [{ ...own, states: [] }, within("forward", false), within("backward", true)]
      : [{ ...own, states: [] }, within("layer", false)];
  });
}

function spec(type: string, args: JsonObject, name: string, path: JsonPath): LayerSpec {
  const cell = args["cell"];
  const cellType = cell !== undefined && isObject(cell) ? String(cell["type"]) : "simpleRNNCell";
  const { states = [], gates = [] } = facts[type === "rnn" ? cellType.replace("Cell", "") : type] ?? {};
  const alike = /^"(zeros|ones)"|"constant"/.test(JSON.stringify(args["kernelInitializer"]) ?? "");
  const symmetry = alike ? { units: 1, inputs: 1 } : { units: 0, inputs: 0 };
  return { type, args, name, path, states: type === "rnn" && states.length === 0 ? ["h"] : states, gates, symmetry };
}

const all = (value: number): number[] => Array.from({ length: 20 }, () => value);
const states = (gain: number): NonNullable<StepSpec["states"]> =>
  Array.from({ length: 20 }, () => ({ h: chain(100, gain), c: chain(100, gain), m: chain(100, gain) }));
const shut = [0.9, 0] as const;
const gates = { input: shut, forget: shut, output: shut, update: shut, reset: shut };

const depths = (decades: number): number[] => Array.from({ length: 20 }, (_, i) => 10 ** (decades * (20 - i)));
const runs: { readonly [name: string]: readonly StepSpec[] } = {
  sick: times(60, (i) => ({
    kernel: i === 30 ? 90 : 0.1,
    loss: i <= 30 ? 1 : 50,
    outputGradient: depths(-3),
    dead: all(0.9),
    saturated: all(0.9),
    gates,
    states: states(0.3),
  })),
  grown: times(60, () => ({ loss: 1, outputGradient: depths(3), saturated: all(0.9), states: states(1.5) })),
  broken: times(30, (i) => (i < 29 ? { states: states(1) } : { loss: Number.NaN, activationNonFinite: 3 })),
  still: times(90, () => ({ states: states(1) })),
  slow: times(90, () => ({ states: states(1), updateRatio: all(1e-8) })),
};

/** Findings that need figures of the data, or several layers of one kind. */
const ofMore: ReadonlySet<string> = new Set(["nothing-to-learn", "post-norm-stack"]);

/** Everything that determines what is trained, on which data, and how. */
function meaningOfModel({ layers: entries, data, training: section, diagnosis }: ResolvedModel): string {
  const built = entries.map(({ type, name, inputs, args }) => [name, [...inputs], meaningOf({ type, ...args })]);
  return JSON.stringify({ built, data, section, diagnosis });
}

it("is an edit that keeps comments and layout, after which the config is sound and the model another (property)", {
  tags: "thorough",
}, () => {
  const seen = new Set<string>();
  const applied = new Set<string>();
  fc.assert(
    fc.property(
      config,
      fc.array(fc.constantFrom(0, 0, 1, 2), { minLength: 7, maxLength: 7 }),
      fc.boolean(),
      fc.boolean(),
      (value, marks, inline, commas) => {
        const text = print(value, marks, inline, commas);
        const parsed = parseConfig(text);
        expect(parsed.problems, text).toEqual([]);
        const tried = new Set<string>();
        for (const before of parsed.config?.models ?? [])
          for (const run of Object.values(runs)) {
            const { history } = syntheticRun({ layers: specsOf(before), data: unscaled }, run);
            for (const finding of diagnose(history, before))
              for (const fix of finding.fixes) {
                seen.add(finding.code);
                applied.add(fix.id);
                const key = JSON.stringify([before.name, fix.edits]);
                if (tried.has(key)) continue;
                tried.add(key);
                const edited = applyToText(text, fix.edits);
                const what = `${finding.code}: ${fix.title}\n${text}\n${edited}`;
                const after = parseConfig(edited);
                // The finding itself says if a fix has no effect on some layer, of this model or of one that shares the
                // section.
                const unreached = /^training\.gradientNormRegularizer has no effect on/;
                expect(
                  after.problems.filter((p) => !unreached.test(p.message)),
                  what,
                ).toEqual([]);
                expect(edited.match(/\/[/*] k\d+/g), what).toEqual(text.match(/\/[/*] k\d+/g));
                expect(edited, what).not.toMatch(/^\s*$|[ \t]$/m);
                const same = after.config?.models.find((m) => m.name === before.name);
                expect(same && meaningOfModel(same), what).not.toBe(meaningOfModel(before));
                const { learningRate: _, ...former } = before.training.optimizer;
                if (/learning-rate$/.test(fix.id))
                  expect(same?.training.optimizer, what).toEqual({ ...former, learningRate: expect.any(Number) });
              }
          }
      },
    ),
    { numRuns: budget(1, 40, 2), seed: 4 },
  );
  const all = findingCodes.filter((code) => !ofMore.has(code)).toSorted();
  // A few random configs have most findings; all of them appear only among many.
  if (long) expect([...seen].sort()).toEqual(all);
  expect(seen.size).toBeGreaterThan(0.6 * all.length);
  expect(applied.size).toBeGreaterThan(20);
});
