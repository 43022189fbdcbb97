/** The page without a run: says what to do next. */

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
  if (view.link === "waiting") return { title: "Gradient Lens", text: "Waiting for the editor…", buttons: [] };
  if (view.link === "outdated")
    return {
      title: "This page is from another version",
      text: "Gradient Lens was updated while this page was open. Close it and open it again.",
      buttons: [],
    };
  if (view.history !== null) return null;
  if (view.viewer)
    return { title: "No figures", text: "There is nothing in this file that can be shown.", buttons: [] };
  if (!view.trusted)
    return {
      title: "Restricted Mode",
      text: "Configs can be edited and checked, but nothing runs until you trust this workspace.",
      buttons: [{ text: "Manage trust", command: "manageTrust" }],
    };
  if (view.run !== null && view.run.state !== "ended")
    return { title: "Starting", text: "The engine is loading data and building the model.", buttons: [] };
  if (view.run !== null && trouble(view.run) !== null)
    return {
      title: "This run could not start",
      text: "Fix the problems above, then probe again.",
      buttons: [{ text: "Probe", command: "probe" }],
    };
  if (!view.hasConfig)
    return {
      title: "Does the gradient survive the trip back through time?",
      text: "Describe a recurrent network in gradlens.json, and see here how many timesteps its gradient reaches, where it vanishes and where it explodes.",
      buttons: [{ text: "Create Example Config", command: "createExample" }],
    };
  return {
    title: "Nothing has run yet",
    text: "A probe trains a fresh model for two seconds and measures how far back its gradient reaches. A training run takes all the steps that the config asks for.",
    buttons: [
      { text: "Probe", command: "probe" },
      { text: "Train", command: "train" },
    ],
  };
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
