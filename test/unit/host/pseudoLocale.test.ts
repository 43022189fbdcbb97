/** Everything that the host's renderers say comes from the catalogue: in the pseudo-locale no word is out of brackets. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { hoverText } from "../../../src/host/inline/hoverText.ts";
import { lensesOf } from "../../../src/host/inline/lenses.ts";
import { statusOf } from "../../../src/host/status/statusText.ts";
import { speak } from "../../../src/messages/language.ts";
import { outsideOfBrackets } from "../../../src/messages/pseudo.ts";
import { findingCodes } from "../../../src/protocol/finding.ts";
import { configText, ended, type Harness, harness, target, uri } from "./runHarness.ts";

let h: Harness;
beforeEach(() => {
  speak("pseudo");
  h = harness();
});
afterEach(() => {
  h.dispose();
  speak("en");
});

/** Words of a text that the catalogue does not have: without names of the config, codes, icons, links and formulas. */
function ownWords(text: string): readonly string[] {
  const bare = outsideOfBrackets(text)
    .replaceAll(/\$\([\w~-]+\)/g, "")
    .replaceAll(/\]\([^)]*\)/g, "")
    .replaceAll(/&\w+;/g, "");
  const names = new Set<string>(["good", "crash", "NaN", ...findingCodes]);
  return bare.match(/[A-Za-z][A-Za-z_-]{2,}/g)?.filter((word) => !names.has(word)) ?? [];
}

it("has a search that finds a word out of brackets", () => {
  expect(ownWords("⟦all ⟦of⟧ it⟧ $(pulse) good ×0.5 ∂L/∂h")).toEqual([]);
  expect(ownWords("⟦loss⟧ measured 3")).toEqual(["measured"]);
});

it("brackets every word of lenses, hovers, findings, fixes and the status bar", async () => {
  const text = configText("good", "crash");
  h.store.open(uri, text);
  for (const name of ["good", "crash"]) await ended(h.runs, h.runs.start("probe", target(text, name), "user"));
  const view = h.store.view(uri);
  const model = view?.models[0];
  const layer = model?.layers[0];
  if (!view || !model || !layer) throw new Error("nothing measured");
  const status = statusOf(view, [], [], true);
  const findings = view.models.flatMap((m) => m.findings.map(({ finding }) => finding));
  expect(findings.length).toBeGreaterThan(0);
  const said = [
    // The failure is the engine's own message.
    ...lensesOf(view, true).flatMap(({ title, tooltip }) => (title.includes("code 3") ? [] : [title, tooltip])),
    ...lensesOf(view, false).flatMap(({ title, tooltip }) => [title, tooltip]),
    ...findings.flatMap((f) => [f.message, f.explanation, ...f.fixes.map(({ title }) => title)]),
    hoverText(uri, model, layer) ?? "",
    status?.text ?? "",
  ];
  expect(said.filter((words) => words.includes("⟦")).length).toBeGreaterThan(10);
  const names = new Set(findings.flatMap(({ layer: name }) => (name === null ? [] : [name])));
  expect(said.flatMap(ownWords).filter((word) => ![...names].some((name) => name.includes(word)))).toEqual([]);
});
