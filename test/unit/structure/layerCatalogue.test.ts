/** Each fact about a layer or an activation stands once, in src/config: nothing else lists their names. */

import { describe, expect, it } from "vitest";
import { layerCatalogue } from "../../../src/config/layerCatalogue.ts";
import { activationNames } from "../../../src/config/schema/names.ts";
import { sourceTexts } from "./importGraph.ts";
import { nameLists } from "./layerLists.ts";

const layers = Object.entries(layerCatalogue).flatMap(([type, { className }]) => [
  type,
  ...(className ? [className] : []),
]);
const known = new Set([...layers, ...activationNames]);
/** Fewer are a case, not a list. */
const fewest = 3;

/** Tables of code by name: what each implements is its own, not a fact about the layer. */
const implementations: { readonly [place: string]: string } = {
  "src/export/pytorch/": "PyTorch's text for each layer and activation",
  "src/export/keras/": "Keras's text for each layer and activation, and through which it passes masks as we do",
  "src/kernels/layout.ts": "codes of the cells and activations that the kernels compute",
  "src/kernels/planStatistics.ts": "gates that the kernels count",
  "src/engine/deep/cells/activation.ts": "slopes of the activations that the deep probe computes",
  "src/engine/deep/layerCell.ts": "the deep probe's cells",
  "src/engine/instrument/kernelCell.ts": "cells that the kernels run",
  "src/engine/layers/factories.ts": "classes of our own layers",
  "src/engine/saved/cudnn.ts": "what CuDNN's layers compute",
  "src/engine/saved/arguments.ts": "Keras's names of activations",
  "src/engine/saved/operations.ts": "the layers of Keras 3's operations",
  "src/engine/saved/otherLayers.ts": "the layers of Keras's cells",
  "src/engine/tfjs/patches/kernelParams.ts": "activations that tfjs fuses",
  "src/engine/saved/unfolding.ts": "what joins two directions, by Keras's name of the mode",
  "src/engine/tfjs/patches/randomCalls.ts": "the noise of each layer",
  "src/diagnosis/outputMismatch/states.ts": "why a state should not have an activation, in words",
};

async function listed(texts: Iterable<readonly [string, string]>): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const [file, text] of texts) {
    const words = new Set(text.match(/\w+/g));
    // Spares the time to parse most files.
    if (file.startsWith("src/config/") || [...known].filter((name) => words.has(name)).length < fewest) continue;
    const lists = await nameLists(text, known);
    const long = lists.filter(({ names }) => names.length >= fewest);
    if (long.length > 0)
      found.set(
        file,
        long.map(({ line, names }) => `${line}: ${names.join(", ")}`),
      );
  }
  return found;
}

it("no list of layers or activations is outside of the catalogue", { tags: "thorough" }, async () => {
  const found = await listed(sourceTexts());
  const places = Object.keys(implementations);
  expect([...found].filter(([file]) => !places.some((place) => file.startsWith(place)))).toEqual([]);
  expect(places.filter((place) => ![...found.keys()].some((file) => file.startsWith(place)))).toEqual([]);
});

describe("a second list is found", () => {
  it.each([
    ["an array", 'const bounded = ["sigmoid", "tanh", "softmax"];'],
    ["a set", 'const gated: ReadonlySet<string> = new Set(["lstm", "gru", "convLstm2d"]);'],
    ["a table by type", "export const states = { lstm: 2, gru: 1, simpleRNN: 1 } as const;"],
    ["a table by class", 'const types = { Dense: "a", LSTM: "b", GRU: "c" };'],
    ["a table to types", 'const types = { a: "dense", b: "lstm", c: "gru" };'],
    ["an expression", "const passing = /^(dropout|flatten|reshape)$/i;"],
    ["comparisons", 'const f = (t: string) => t === "lstm" || t === "gru" || t === "rnn";'],
    ["comparisons that exclude", 'const f = (t: string) => t !== "relu" && t !== "elu" && t !== "selu";'],
    ["cases", 'function f(t: string) { switch (t) { case "add": case "dot": case "maximum": return 1; } return 0; }'],
    ["a type that a schema checks", 'const kind = z.enum(["lstm", "gru", "simpleRNN"]);'],
  ])("in %s", async (_, text) => {
    expect([...(await listed([["src/diagnosis/new.ts", text]])).keys()]).toEqual(["src/diagnosis/new.ts"]);
  });

  it("but two names are no list, nor are the catalogue's own", async () => {
    const two = 'const f = (t: string) => t === "lstm" || t === "gru";';
    const three = 'const gated = ["lstm", "gru", "rnn"];';
    expect(
      await listed([
        ["src/engine/new.ts", two],
        ["src/config/new.ts", three],
      ]),
    ).toEqual(new Map());
  });
});
