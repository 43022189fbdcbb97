/** Run menu, progress, backend and controls: pause the display, stop the run, probe, train. */

import { listWords } from "../../src/messages/lists.ts";
import { panelWords } from "../../src/messages/panel.ts";
import { formatCount, formatNumber } from "../../src/protocol/numberText.ts";
import { Picker } from "../charts/pickers.ts";
import type { Block } from "../charts/scheduler.ts";
import { el, icons, setAttribute, setText } from "../dom.ts";
import { showsEarlierRun } from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";
import { outcome, runName, trouble } from "../text/runWords.ts";
import { ComparePicker, moreRuns } from "./comparePicker.ts";

/** Newest steps whose median duration is shown. */
const timedSteps = 50;

function medianOfLast(values: Float64Array, n: number): number {
  const sorted = values.slice(-n).sort();
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function button(
  name: string | HTMLElement,
  title: string,
  picture: SVGSVGElement,
  className: string,
): HTMLButtonElement {
  const text = typeof name === "string" ? el("span", { class: "button-text" }, name) : name;
  return el("button", { type: "button", class: className, title }, picture, text);
}

export class Header implements Block {
  readonly interval = 200;
  readonly element: HTMLElement;
  readonly #runs: Picker;
  readonly #compare: ComparePicker;
  readonly #compareFile: HTMLButtonElement;
  readonly #dot = el("span", { class: "dot", "aria-hidden": "true" });
  readonly #facts = el("p", { class: "facts" });
  readonly #bar = el("span", {});
  readonly #progress = el("div", { class: "progress", "aria-hidden": "true" }, this.#bar);
  readonly #trouble = el("p", { class: "trouble", role: "alert" });
  readonly #pause = button("", "", icons.pause(), "tool-button pause");
  readonly #stopText = el("span", { class: "button-text" }, panelWords().stop);
  readonly #stop = button(this.#stopText, panelWords().stopRun, icons.stop(), "tool-button stop");
  readonly #probe = button(panelWords().probe, panelWords().probeWhy, icons.play(), "tool-button");
  readonly #train = button(panelWords().train, panelWords().trainWhy, icons.play(), "tool-button");
  readonly #pin = el(
    "button",
    { type: "button", class: "tool-button pin", "aria-label": panelWords().keepRun },
    icons.pin(),
  );
  #pausedShown: boolean | null = null;

  constructor(store: Store) {
    this.#runs = new Picker(panelWords().run, panelWords().whichRun, (runId) => store.send({ type: "select", runId }));
    this.#runs.element.classList.add("runs");
    this.#compare = new ComparePicker(store);
    this.#compareFile = moreRuns(store);
    this.#compareFile.textContent = panelWords().compareFile;
    this.#pause.addEventListener("click", () => store.choose({ paused: !store.view.ui.paused }));
    this.#stop.addEventListener("click", () => {
      const { run } = store.view;
      if (run !== null) store.send({ type: "stop", runId: run.runId });
    });
    this.#pin.addEventListener("click", () => store.send({ type: "pin", pinned: !store.view.pinned }));
    this.#probe.addEventListener("click", () => store.send({ type: "command", command: "probe" }));
    this.#train.addEventListener("click", () => store.send({ type: "command", command: "train" }));
    this.element = el(
      "header",
      { class: "header" },
      el("div", { class: "run" }, this.#dot, this.#runs.element, this.#pin, this.#compare.element, this.#compareFile),
      this.#facts,
      el("div", { class: "controls" }, this.#pause, this.#stop, this.#probe, this.#train),
      this.#trouble,
      this.#progress,
    );
  }

  render(view: View): void {
    const { run, runs, ui, trusted, viewer } = view;
    this.element.hidden = run === null;
    if (run === null) return;
    const choices = runs.map((r) => ({ value: r.runId, text: runName(r) }));
    this.#runs.update(choices, run.runId, 1);
    setAttribute(this.#runs.element, "title", `${run.config}\n${runName(run)}`);
    if (!viewer) this.#compare.update(view);
    this.#compare.element.hidden = viewer;
    this.#compareFile.hidden = !viewer || view.history === null;
    this.#pin.hidden = viewer;
    setAttribute(this.#pin, "aria-pressed", String(view.pinned));
    setAttribute(this.#pin, "title", view.pinned ? panelWords().pinned : panelWords().pin);
    const active = run.state !== "ended";
    setAttribute(this.#dot, "class", `dot ${active ? "active" : (run.end?.kind ?? "ended")}`);
    setAttribute(this.#dot, "title", outcome(run));
    const history = showsEarlierRun(view) ? null : view.history;
    this.#updateFacts(view, history);
    const message = trouble(run);
    this.#trouble.hidden = message === null;
    setText(this.#trouble, message ?? "");
    const fixed = viewer || run.external;
    this.#stop.hidden = !active || fixed;
    this.#stop.disabled = run.state === "stopping";
    setText(this.#stopText, run.state === "stopping" ? panelWords().stopping : panelWords().stop);
    this.#pause.hidden = !active && !ui.paused;
    this.#probe.hidden = active || fixed;
    this.#train.hidden = active || fixed;
    this.#probe.disabled = !trusted;
    this.#train.disabled = !trusted;
    const planned = history?.info.plannedSteps ?? null;
    this.#progress.hidden = !active || planned === null;
    if (planned !== null)
      this.#bar.style.width = `${Math.min(100, (100 * (history?.lastStep ?? 0)) / planned).toFixed(2)}%`;
    if (ui.paused !== this.#pausedShown) {
      this.#pausedShown = ui.paused;
      setAttribute(this.#pause, "title", ui.paused ? panelWords().resumeWhy : panelWords().pauseWhy);
      this.#pause.replaceChildren(
        ui.paused ? icons.play() : icons.pause(),
        el("span", { class: "button-text" }, ui.paused ? panelWords().resumeDisplay : panelWords().pauseDisplay),
      );
    }
  }

  #updateFacts({ run, ui }: View, history: View["history"]): void {
    if (history === null) {
      setText(this.#facts, run?.state === "starting" ? panelWords().startingEngine : panelWords().noStepTaken);
      return;
    }
    const { info, lastStep } = history;
    const milliseconds = history.series("milliseconds");
    const time = milliseconds === undefined ? Number.NaN : medianOfLast(milliseconds, timedSteps);
    const facts = [
      info.plannedSteps === null
        ? panelWords().step(formatCount(lastStep))
        : panelWords().stepOf({ step: formatCount(lastStep), planned: formatCount(info.plannedSteps) }),
      info.backend.label,
      Number.isNaN(time) ? null : panelWords().perStep(formatNumber(time)),
      ui.paused ? panelWords().displayPaused : null,
    ];
    setText(this.#facts, facts.filter((f) => f !== null).join(" · "));
    const rejected = info.backend.rejected.map((r) => `\n${panelWords().notBackend(r)}`).join("");
    const rate = history.latest("learningRate");
    setAttribute(
      this.#facts,
      "title",
      `${listWords().commas(
        [
          // 0: the program that wrote the run does not say it.
          info.batchSize === 0 ? null : panelWords().batchSize(formatCount(info.batchSize)),
          rate === undefined ? null : panelWords().learningRateIs(formatNumber(rate)),
          info.parameters === 0 ? null : panelWords().parameters(formatCount(info.parameters)),
          panelWords().computedBy(info.backend.label),
        ].filter((fact) => fact !== null),
      )}${rejected}`,
    );
  }
}
