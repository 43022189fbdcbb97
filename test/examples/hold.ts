/** Tests that train the examples' models for as long as their claims state, and check these claims. */

import fs from "node:fs";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import type { ResolvedModel } from "../../src/config/resolved.ts";
import { type ExampleName, exampleNames } from "../../src/messages/exampleNames.ts";
import { examples } from "../../tools/examples/claims.ts";
import { exampleConfig, runExample } from "../../tools/examples/runExample.ts";

/** Models that take seconds to train. Every example has others. */
const slow: { readonly [folder in ExampleName]?: readonly string[] } = {
  "adding-problem": ["gru", "lstm"],
  "char-lm": ["simpleRNN", "gru", "lstm", "lstmNormal"],
  classification: ["simpleRNN", "gru"],
  "copy-memory": ["lstm"],
  depth: ["plain", "plainRNN", "residualRNN"],
  digits: ["lstm", "permutedLstm", "permutedIrnn"],
  "encoder-decoder": ["states", "attention"],
  "exploding-remedies": ["clipValue", "clipNorm", "weightRange", "truncated"],
  stacked: ["gru"],
  transformer: ["attention", "residual", "post"],
};

/** @param half so that two processes share the work */
export function holdClaims(half: "even" | "odd"): void {
  const folders = exampleNames.filter((_, i) => (i % 2 === 0) === (half === "even"));
  for (const folder of folders)
    describe(folder, () => {
      const models = modelsOf(folder);
      for (const { models: names, steps, expectations } of examples[folder].claims)
        for (const name of names)
          it(name, { tags: slow[folder]?.includes(name) ? "thorough" : [] }, async () => {
            const model = models.find((m) => m.name === name);
            if (!model) throw new Error(`examples/${folder} has no model "${name}"`);
            const run = await runExample(folder, model, steps === "all" ? null : steps);
            const broken = expectations.flatMap(({ text, contradiction }) => {
              const measured = contradiction(run);
              return measured === undefined ? [] : [`${text}: ${measured}`];
            });
            expect(broken).toEqual([]);
          });
    });
}

/** An example's models, whose config must be valid. */
export function modelsOf(folder: string): readonly ResolvedModel[] {
  const { config, problems } = parseConfig(fs.readFileSync(exampleConfig(folder), "utf8"));
  if (!config || problems.length > 0) throw new Error(`examples/${folder}: ${JSON.stringify(problems)}`);
  return config.models;
}
