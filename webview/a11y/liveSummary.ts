/**
 * The run in a sentence, for users who cannot watch it: when its state or its findings change, and from time to time.
 */

import { chartWords } from "../../src/messages/charts.ts";
import { listWords } from "../../src/messages/lists.ts";
import { panelWords } from "../../src/messages/panel.ts";
import { reachOf } from "../../src/protocol/history/reach.ts";
import { formatCount, formatNumber } from "../../src/protocol/numberText.ts";
import type { Block } from "../charts/scheduler.ts";
import { cursorStep, followsNewest, profileAt, selection, showsEarlierRun } from "../state/selection.ts";
import type { View } from "../state/store.ts";
import { outcome } from "../text/runWords.ts";
import { Announcer } from "./announcer.ts";

export class LiveSummary implements Block {
  readonly interval = 1000;
  readonly #announcer = new Announcer();
  readonly element = this.#announcer.element;
  #pinned: string | null = null;

  render(view: View): void {
    const { history, run } = view;
    if (history === null || run === null || showsEarlierRun(view)) return;
    if (!followsNewest(view)) {
      this.#cursor(view);
      return;
    }
    this.#pinned = null;
    const loss = history.latest("loss");
    const chosen = selection(view);
    const horizon = chosen === null ? undefined : reachOf(history, chosen.layer)?.horizon;
    const lag = history.info.requiredLag;
    const parts = [
      panelWords().runAt({ model: run.model, outcome: outcome(run), step: formatCount(history.lastStep) }),
      loss === undefined ? null : panelWords().lossIs(formatNumber(loss)),
      chosen === null || horizon === undefined
        ? null
        : panelWords().layerReaches({
            layer: chosen.info.name,
            horizon: formatCount(horizon),
            lag: lag === null ? null : formatCount(lag),
          }),
      view.findings.length === 0 ? null : panelWords().findingCount(view.findings.length),
    ];
    this.#announcer.say(listWords().commas(parts.filter((p) => p !== null)));
  }

  /** Announces what all linked charts show at a cursor that the user has placed. */
  #cursor(view: View): void {
    const { history, ui } = view;
    const chosen = selection(view);
    const key = `${ui.step}/${ui.timestep}`;
    if (history === null || ui.step === null || key === this.#pinned) return;
    this.#pinned = key;
    const step = cursorStep(view);
    const profile = chosen === null ? null : profileAt(history, chosen.layer, chosen.quantity.channel, step);
    const t = ui.timestep ?? chosen?.timesteps ?? 1;
    const value = profile?.values[t - 1];
    const text =
      chosen === null || value === undefined
        ? panelWords().step(formatCount(step))
        : chartWords().atCursor({ step: formatCount(step), t, value: chosen.quantity.text(value) });
    this.#announcer.answer(text);
  }
}
