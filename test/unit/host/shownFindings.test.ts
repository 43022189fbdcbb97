import { afterEach, beforeEach, expect, it } from "vitest";
import { applyEdits } from "../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { ruleOff } from "../../../src/host/inline/ruleOff.ts";
import { shownFindings } from "../../../src/host/inline/shownFindings.ts";
import { findingCodes, type Severity } from "../../../src/protocol/finding.ts";
import { configText, ended, type Harness, harness, target, uri } from "./runHarness.ts";

let h: Harness;
beforeEach(() => {
  h = harness();
});
afterEach(() => h.dispose());

it("are one entry for each place and cause, the gravest of all models, and none below the level", async () => {
  const text = configText();
  h.store.open(uri, text);
  await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
  const view = h.store.view(uri);
  const model = view?.models[0];
  const found = model?.findings[0];
  if (!view || !model || !found) throw new Error("nothing found");
  const as = (name: string, severity: Severity) => ({
    ...model,
    name,
    findings: [{ ...found, finding: { ...found.finding, severity } }],
  });
  const shared = { ...view, models: [as("a", "information"), as("b", "error"), as("c", "warning")] };
  expect(shownFindings(shared, "information").map((s) => [s.model.name, s.others])).toEqual([["b", 2]]);
  expect(shownFindings(shared, "warning").map((s) => [s.model.name, s.others])).toEqual([["b", 1]]);
  expect(shownFindings({ ...view, models: [as("a", "information")] }, "warning")).toEqual([]);
});

it("can be switched off where they are: the edit leaves a sound config for every rule", () => {
  let text = configText();
  for (const code of findingCodes) {
    text = applyText(text, ruleOff({ name: "good" }, { code }).edits);
    expect([code, parseConfig(text).problems]).toEqual([code, []]);
  }
});

function applyText(text: string, edits: Parameters<typeof applyEdits>[1]): string {
  return [...applyEdits(text, edits)]
    .sort((a, b) => b.offset - a.offset)
    .reduce((t, { offset, length, content }) => t.slice(0, offset) + content + t.slice(offset + length), text);
}
