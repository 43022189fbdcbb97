import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";

const data = '"data": { "task": "addingProblem" }';
const lstm = (more: string) => `{ "type": "lstm", "units": 4${more} }`;
const dense = (more: string) => `{ "type": "dense", "units": 1${more} }`;

function parse(layers: readonly string[], ends = "") {
  const text = `{ ${data}, "models": { "m": { ${ends}"layers": [${layers.join(", ")}] } } }`;
  const { config, problems, rangeOf } = parseConfig(text);
  const shown = problems.map(({ path, on, message }) => {
    const { offset, length } = rangeOf(path, on);
    return [text.slice(offset, offset + length), message] as const;
  });
  return { model: config?.models[0] ?? null, shown };
}

describe("a graph of layers", () => {
  it("is sorted so that every layer follows its inputs, otherwise as written", () => {
    const { model, shown } = parse([
      lstm(', "name": "decoder", "inputs": ["input"], "initialState": "encoder"'),
      lstm(', "name": "encoder", "inputs": ["input"]'),
      dense(', "name": "out", "inputs": ["decoder"]'),
    ]);
    expect(shown).toEqual([]);
    expect(model?.layers.map(({ name }) => name)).toEqual(["encoder", "decoder", "out"]);
    expect(model?.layers[1]?.initialState).toEqual(["encoder.h", "encoder.c"]);
    expect(model?.layers.map(({ path }) => path.at(-1))).toEqual([1, 0, 2]);
    expect([model?.inputs, model?.outputs]).toEqual([["input"], ["out"]]);
  });

  it("accepts last states as inputs, also of a bidirectional layer", () => {
    const both = `{ "type": "bidirectional", "name": "encoder", "layer": ${lstm("")} }`;
    const states = '["encoder.forward.h", "encoder.backward.h"]';
    const { shown } = parse([both, `{ "type": "concatenate", "inputs": ${states} }`, dense("")]);
    expect(shown).toEqual([]);
  });

  it("names its input and its output", () => {
    const { model, shown } = parse(
      [dense(', "name": "out", "inputs": ["pulses"]')],
      '"inputs": ["pulses"], "outputs": ["out"], ',
    );
    expect(shown).toEqual([]);
    expect([model?.inputs, model?.outputs]).toEqual([["pulses"], ["out"]]);
    // The first layer takes the model's first input if it names none.
    expect(parse([dense("")], '"inputs": ["pulses"], ').model?.layers[0]?.inputs).toEqual(["pulses"]);
  });

  it("is inherited with its inputs and outputs", () => {
    const text = `{ ${data}, "models": { "a": { "inputs": ["x"], "layers": [${dense("")}] }, "b": { "extends": "a" } } }`;
    const { config, problems } = parseConfig(text);
    expect(problems).toEqual([]);
    expect(config?.models.map(({ inputs }) => inputs)).toEqual([["x"], ["x"]]);
  });

  const wrong: readonly (readonly [string, readonly string[], string, string, string])[] = [
    ["an unknown layer", [lstm(', "name": "encoder"'), dense(', "inputs": ["encodr"]')], "", '"encodr"', '"encoder"?'],
    [
      "an unknown state",
      [lstm(', "name": "a"'), lstm(', "inputs": ["input"], "initialState": ["a.h", "b.c"]')],
      "",
      '"b.c"',
      '"b.c" is no',
    ],
    [
      "a state that a layer lacks",
      [`{ "type": "gru", "units": 4, "name": "a" }`, dense(', "inputs": ["a.c"]')],
      "",
      '"a.c"',
      "it has h",
    ],
    [
      "states of a layer without any",
      [dense(', "name": "a"'), dense(', "inputs": ["a.h"]')],
      "",
      '"a.h"',
      "only recurrent",
    ],
    [
      "too few states",
      [lstm(', "name": "a"'), lstm(', "inputs": ["input"], "initialState": ["a.h"]')],
      "",
      '["a.h"]',
      "2 states, h and c",
    ],
    [
      "a circle",
      [dense(', "name": "a", "inputs": ["b"]'), dense(', "name": "b", "inputs": ["a"]')],
      "",
      '["b"]',
      "circle",
    ],
    [
      "a circle through a state",
      [`{ "type": "gru", "units": 4, "name": "a", "initialState": "a" }`],
      "",
      '"gru"',
      "circle",
    ],
    [
      "a layer that no layer takes",
      [lstm(', "name": "a"'), dense(', "inputs": ["input"]')],
      "",
      '"lstm"',
      'No layer takes the output of "a"',
    ],
    [
      "an input that no layer takes",
      [dense(', "inputs": ["x"]')],
      '"inputs": ["x", "y"], ',
      '"y"',
      "No layer takes the input",
    ],
    ["an output that is not a layer", [dense(', "name": "out"')], '"outputs": ["oout"], ', '"oout"', '"out"?'],
    [
      "a layer of an input's name",
      [dense(', "name": "x", "inputs": ["x"]')],
      '"inputs": ["x"], ',
      '"x"',
      "is an input",
    ],
    ["the same output twice", [dense(', "name": "a"')], '"outputs": ["a", "a"], ', '"a"', "another layer"],
    [
      "an initial state of a layer without states",
      [dense(', "initialState": ["input"]')],
      "",
      '"initialState"',
      "has no",
    ],
    [
      "an initial state inside a wrapper",
      [`{ "type": "bidirectional", "layer": ${lstm(', "initialState": "x"')} }`],
      "",
      '"initialState"',
      "outer one",
    ],
    [
      "a stateful layer with an initial state",
      [lstm(', "name": "a"'), lstm(', "inputs": ["input"], "stateful": true, "initialState": "a"')],
      "",
      '"initialState"',
      "stateful",
    ],
  ];
  it.each(wrong)("%s", (_, layers, ends, place, words) => {
    const { model, shown } = parse(layers, ends);
    expect(model).toBeNull();
    expect(shown.map(([text]) => text)).toContain(place);
    expect(shown.map(([, message]) => message).join(" ")).toContain(words);
    expect(shown).toHaveLength(1);
  });
});
