/** Tests that train the examples' models for as long as their claims state, and check these claims. */

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import type { ResolvedModel } from "../../src/config/resolved.ts";
import { type ExampleName, exampleNames } from "../../src/messages/exampleNames.ts";
import { examples } from "../../tools/examples/claims.ts";
import { exampleConfig, runExample } from "../../tools/examples/runExample.ts";

/** Models that the quick tier trains for as long as their claims state: typical ones that take little time. */
const quick: { readonly [folder in ExampleName]: readonly string[] } = {
  "adding-problem": ["simpleRNN"],
  "char-lm": [],
  classification: [],
  "copy-memory": ["bidirectional"],
  depth: [],
  digits: [],
  "encoder-decoder": ["simple"],
  "exploding-gaussian": ["gaussian", "orthogonal"],
  "exploding-remedies": ["explodes", "clipGlobalNorm"],
  "external-memory": ["lstm"],
  forecasting: ["sine"],
  gates: [],
  initializers: ["glorot", "identity", "orthogonal", "unitForgetBias"],
  "saved-model": ["lstm"],
  stacked: [],
  "temporal-order": [],
  "training-remedies": ["dropout", "layerNormalization", "step"],
  transformer: [],
  "vanishing-remedies": ["layerNormalization", "vanishes"],
  "vanishing-sigmoid": ["sigmoid"],
  weather: ["stackedGru"],
};

/** Steps of the first model of the other examples, which all train for seconds. */
const first = 3;

/** @param half so that two processes share the work */
export function holdClaims(half: "even" | "odd"): void {
  const folders = exampleNames.filter((_, i) => (i % 2 === 0) === (half === "even"));
  for (const folder of folders)
    describe(folder, () => {
      const models = modelsOf(folder);
      for (const { models: names, steps, expectations } of examples[folder].claims)
        for (const name of names)
          it(name, { tags: quick[folder].includes(name) ? [] : "thorough" }, async () => {
            const model = models.find((m) => m.name === name);
            if (!model) throw new Error(`examples/${folder} has no model "${name}"`);
            const run = await runExample(folder, model, steps === "all" ? null : steps);
            const broken = expectations.flatMap(({ text, contradiction }) => {
              const measured = contradiction(run);
              return measured === undefined ? [] : [`${text}: ${measured}`];
            });
            expect(broken).toEqual([]);
          });
      const [typical] = models;
      if (quick[folder].length === 0 && typical)
        it(`${typical.name} takes its first steps`, async () => {
          const { history } = await runExample(folder, typical, first);
          expect(history.lastStep).toBe(first);
          expect(history.latest("loss")).toSatisfy(Number.isFinite);
        });
    });
}

/** An example's models, whose config must be valid. */
export function modelsOf(folder: string): readonly ResolvedModel[] {
  const { config, problems } = parseConfig(fs.readFileSync(exampleConfig(folder), "utf8"));
  if (!config || problems.length > 0) throw new Error(`examples/${folder}: ${JSON.stringify(problems)}`);
  return config.models;
}
