/** One run has one reach, wherever it is read: the median of its newest steps. `test/ui/panel/told.test.ts` has the panel's. */

import { afterEach, beforeEach, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { hoverText } from "../../../src/host/inline/hoverText.ts";
import { lensesOf } from "../../../src/host/inline/lenses.ts";
import { notesOf } from "../../../src/host/inline/sparklineNotes.ts";
import { runReport } from "../../../src/host/report/runReport.ts";
import type { Run } from "../../../src/host/runs/run.ts";
import { cardOfRun } from "../../../src/host/store/runCard.ts";
import { runDescription } from "../../../src/host/views/runWords.ts";
import { reaching, syntheticRun, times } from "../diagnosis/syntheticRun.ts";
import { configText, ended, type Harness, harness, target, uri } from "./runHarness.ts";

let h: Harness;
beforeEach(() => {
  h = harness();
});
afterEach(() => h.dispose());

/** Its newest step reaches 73 timesteps back, and all steps before it 49. */
const steps = times(100, (i) => ({ states: [{ h: reaching(100, i === 99 ? 73 : 49) }] }));

it("is the same figure in the lens, at the line's end, in the hover, in the list of runs and in a report", async () => {
  const text = configText();
  h.store.open(uri, text);
  const probed = await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
  const { history, model: resolved } = syntheticRun(
    { layers: [{ type: "simpleRNN", name: "simple_rnn" }, { type: "dense" }] },
    steps,
  );
  expect(history.latest("horizon", 0, "h")).toBe(73);
  const findings = diagnose(history, resolved).filter(({ code }) => code === "vanishing-through-time");
  const run: Run = { ...probed, history, findings };
  const view = h.store.view(uri);
  const [model] = view?.models ?? [];
  const [layer] = model?.layers ?? [];
  if (!view || !model || !layer) throw new Error("nothing measured");
  const found = findings.map((finding) => ({ finding, range: layer.range, stale: false }));
  const shown = { ...model, shown: run, findings: found, layers: [{ ...layer, findings: found }] };
  const drawn = { ...view, models: [shown] };
  const card = cardOfRun(run, { name: null, note: null, pinned: false });
  const rows = runReport(run, undefined).flatMap((part) => (part.kind === "table" ? part.rows : []));
  const said = {
    lenses: lensesOf(drawn, true).map(({ title }) => title),
    note: notesOf(drawn).map((note) => note.text),
    hover: [hoverText(uri, shown, shown.layers[0] ?? layer) ?? ""],
    list: [runDescription({ ...card, state: "ended" })],
    report: rows.map((row) => row.join(" ")),
  };
  // The picture's bytes may contain any figure.
  const figures = (texts: readonly string[]): readonly string[] =>
    texts.flatMap((one) => one.replace(/base64,[^)]*/, "").match(/\d+(?= of 99|\/99)/g) ?? []);
  for (const [where, texts] of Object.entries(said)) expect([where, ...new Set(figures(texts))]).toEqual([where, "49"]);
  // The lens of the model and that of its layer.
  expect(figures(said.lenses)).toHaveLength(2);
});
