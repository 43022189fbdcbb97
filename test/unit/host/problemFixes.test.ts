import { afterEach, beforeEach, expect, it } from "vitest";
import type { ConfigView, ProblemView } from "../../../src/host/findings/configView.ts";
import { problemsWithFixes } from "../../../src/host/inline/problemFixes.ts";
import { type Harness, harness, uri } from "./runHarness.ts";

let h: Harness;
beforeEach(() => {
  h = harness();
});
afterEach(() => h.dispose());

function view(text: string): ConfigView {
  h.store.open(uri, text);
  const found = h.store.view(uri);
  if (!found) throw new Error("not open");
  return found;
}

const text = JSON.stringify({
  data: { task: "addingProblem" },
  models: { a: { layers: [{ type: "simpleRMM" }] }, b: { layers: [{ type: "dense", units: 1 }] } },
});

it("gives the parser's problems that an edit fixes, with their places", () => {
  const [only, ...others] = problemsWithFixes(view(text));
  expect(others).toEqual([]);
  expect(only).toMatchObject({ which: "", problem: { fixes: [{ title: 'Write "simpleRNN"' }] } });
  expect(text.slice(only?.range.offset)).toMatch(/^"simpleRMM"/);
});

it("lists what the engine refused once, and names the model if fixes at one place differ", () => {
  const refused = (title: string): ProblemView => ({
    problem: {
      severity: "error",
      message: "no",
      path: ["data"],
      on: "value",
      fixes: [{ id: "x", title, edits: [] }],
    },
    range: { offset: 9, length: 3 },
  });
  const made = (first: string, second: string): ConfigView => {
    const sound = view(text.replace("simpleRMM", "flatten"));
    const [a, b] = sound.models;
    if (!a || !b) throw new Error("two models");
    return {
      ...sound,
      models: [
        { ...a, refused: [refused(first)] },
        { ...b, refused: [refused(second)] },
      ],
    };
  };
  expect(problemsWithFixes(made("same", "same"))).toMatchObject([{ which: "" }]);
  expect(problemsWithFixes(made("one", "two")).map((p) => p.which)).toEqual([' in model "a"', ' in model "b"']);
});
