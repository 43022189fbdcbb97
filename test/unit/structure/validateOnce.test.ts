/** A model's arguments are checked once, by the config's rules: the engine checks shapes, and has no schema of layers. */

import { expect, it } from "vitest";
import { defaultsOf, layerTypes } from "../../../src/config/schema/layers/index.ts";
import { sourceTexts } from "./importGraph.ts";

/** What the engine may take from the schemas: names and defaults, nothing that checks a value. */
const names = ["activationNames", "argumentsOf", "Comparison", "defaultsOf", "ElementwiseFunction", "lossNames"];

/** What a text imports from the config's schemas, and guesses at misspelt names. */
function checksIn(text: string): readonly string[] {
  const imports = [...text.matchAll(/import\s+(?:type\s+)?\{([^}]*)\}\s+from\s+"[^"]*config\/([\w/]+)\.ts"/g)];
  return imports.flatMap(([, list = "", module = ""]) => {
    if (module === "didYouMean") return ["didYouMean"];
    if (!module.startsWith("schema/")) return [];
    return list
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !names.includes(name));
  });
}

it("the engine's models, layers and saved files check no arguments", () => {
  const parts = /^src\/engine\/(model|layers|memory|saved|instrument)\//;
  const found = [...sourceTexts()].flatMap(([file, text]) =>
    parts.test(file) ? checksIn(text).map((name) => `${file}: ${name}`) : [],
  );
  expect(found).toEqual([]);
});

it("such a check is found", () => {
  expect(checksIn('import { layerSchema } from "../../config/schema/layers/index.ts";')).toEqual(["layerSchema"]);
  expect(checksIn('import {\n  argumentsOf,\n  cells,\n} from "../../config/schema/layers/index.ts";')).toEqual([
    "cells",
  ]);
  expect(checksIn('import { didYouMean } from "../../config/didYouMean.ts";')).toEqual(["didYouMean"]);
  expect(checksIn('import { activationNames } from "../../config/schema/names.ts";')).toEqual([]);
});

/** Arguments that have one default, whatever the input. */
const withDefault = new Set(layerTypes.flatMap((type) => Object.keys(defaultsOf(type))));

/** Arguments for which a text states such a default itself. */
function defaultsIn(text: string): readonly string[] {
  return [...text.matchAll(/\bargs\.(\w+) \?\? /g)].flatMap(([, name = ""]) => (withDefault.has(name) ? [name] : []));
}

it("our own layers require what the config's schema has a default for", () => {
  const found = [...sourceTexts()].flatMap(([file, text]) =>
    /^src\/engine\/(layers|memory)\//.test(file) ? defaultsIn(text).map((each) => `${file}: ${each}`) : [],
  );
  expect(found).toEqual([]);
});

it("such a default is found", () => {
  expect(defaultsIn("this.causal = args.causal ?? false;")).toEqual(["causal"]);
  expect(defaultsIn("this.#units = args.units ?? null;")).toEqual([]);
});
