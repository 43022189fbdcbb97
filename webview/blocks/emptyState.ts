/** The page without a run: says what to do next. */

import { panelWords } from "../../src/messages/panel.ts";
import type { FromPanel } from "../../src/protocol/panelMessages.ts";
import type { Block } from "../charts/scheduler.ts";
import { el } from "../dom.ts";
import type { Store, View } from "../state/store.ts";
import { trouble } from "../text/runWords.ts";

type Command = Extract<FromPanel, { type: "command" }>["command"];

interface Message {
  readonly title: string;
  readonly text: string;
  readonly buttons: readonly { readonly text: string; readonly command: Command }[];
}

function messageFor(view: View): Message | null {
  const probe = { text: panelWords().probe, command: "probe" } as const;
  if (view.link === "waiting") return { title: "Gradient Lens", text: panelWords().waitingForEditor, buttons: [] };
  if (view.link === "outdated") return { ...panelWords().otherVersion, buttons: [] };
  if (view.history !== null) return null;
  if (view.viewer) return { ...panelWords().noFigures, buttons: [] };
  if (!view.trusted)
    return { ...panelWords().restricted, buttons: [{ text: panelWords().manageTrust, command: "manageTrust" }] };
  if (view.run !== null && view.run.state !== "ended") return { ...panelWords().starting, buttons: [] };
  if (view.run !== null && trouble(view.run) !== null) return { ...panelWords().couldNotStart, buttons: [probe] };
  if (!view.hasConfig)
    return { ...panelWords().noConfig, buttons: [{ text: panelWords().createExample, command: "createExample" }] };
  return { ...panelWords().nothingRan, buttons: [probe, { text: panelWords().train, command: "train" }] };
}

/** A picture of a gradient that dies out: bars from the last timestep back to the first. */
function picture(): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 168 56");
  svg.setAttribute("class", "empty-picture");
  svg.setAttribute("aria-hidden", "true");
  for (let i = 0; i < 24; i++) {
    const bar = document.createElementNS(ns, "rect");
    const height = Math.max(1.5, 56 * 0.86 ** (23 - i));
    bar.setAttribute("x", String(i * 7));
    bar.setAttribute("y", String(56 - height));
    bar.setAttribute("width", "5");
    bar.setAttribute("height", String(height));
    bar.setAttribute("rx", "1");
    bar.setAttribute("class", i < 9 ? "lost" : "alive");
    svg.append(bar);
  }
  return svg;
}

export class EmptyState implements Block {
  readonly interval = 0;
  readonly element = el("section", { class: "empty", "aria-live": "polite" });
  readonly #store: Store;
  #shown = "";

  constructor(store: Store) {
    this.#store = store;
  }

  render(view: View): void {
    const message = messageFor(view);
    this.element.hidden = message === null;
    if (message === null || message.title === this.#shown) return;
    this.#shown = message.title;
    const buttons = message.buttons.map(({ text, command }, i) => {
      const button = el("button", { type: "button", class: i === 0 ? "primary" : "secondary" }, text);
      button.addEventListener("click", () => this.#store.send({ type: "command", command }));
      return button;
    });
    this.element.replaceChildren(
      picture(),
      el("h2", {}, message.title),
      el("p", {}, message.text),
      el("div", { class: "empty-buttons" }, ...buttons),
    );
  }
}
