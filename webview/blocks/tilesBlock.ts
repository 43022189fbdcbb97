/** All models of the config side by side: a tile each, with verdict, gradient and loss; a click shows its run. */

import { listWords } from "../../src/messages/lists.ts";
import { panelWords } from "../../src/messages/panel.ts";
import type { Tile } from "../../src/protocol/panelMessages.ts";
import type { Block } from "../charts/scheduler.ts";
import { el, icons, setAttribute, setText } from "../dom.ts";
import type { Store, View } from "../state/store.ts";

interface Drawn {
  readonly element: HTMLButtonElement;
  readonly symbol: HTMLElement;
  readonly picture: HTMLElement;
  readonly verdict: HTMLElement;
  readonly loss: HTMLElement;
}

export class TilesBlock implements Block {
  readonly interval = 500;
  readonly element: HTMLElement;
  readonly #list = el("ul", { class: "tiles" });
  readonly #store: Store;
  readonly #drawn = new Map<string, Drawn>();

  constructor(store: Store) {
    this.#store = store;
    this.element = el(
      "section",
      { class: "block models", "aria-labelledby": "models-title", hidden: true },
      el("div", { class: "block-head" }, el("h2", { id: "models-title" }, panelWords().models)),
      this.#list,
    );
  }

  render(view: View): void {
    const { tiles, run } = view;
    this.element.hidden = tiles.length < 2;
    if (this.element.hidden) return;
    const models = tiles.map(({ model }) => model);
    if (models.join("\n") !== [...this.#drawn.keys()].join("\n")) this.#build(models);
    for (const tile of tiles) {
      const drawn = this.#drawn.get(tile.model);
      if (!drawn) continue;
      const severity = tile.severity ?? "fine";
      setAttribute(drawn.symbol, "class", `severity ${severity}`);
      if (drawn.symbol.dataset["severity"] !== severity) {
        drawn.symbol.dataset["severity"] = severity;
        drawn.symbol.replaceChildren(tile.severity ? icons[tile.severity]() : icons.check());
      }
      setText(drawn.picture, tile.picture);
      setText(drawn.verdict, tile.going ? panelWords().measuring(tile.verdict) : tile.verdict);
      setText(drawn.loss, tile.loss);
      setAttribute(drawn.element, "aria-pressed", String(run?.model === tile.model));
      setAttribute(drawn.element, "aria-label", spoken(tile));
    }
  }

  #build(models: readonly string[]): void {
    this.#drawn.clear();
    const items = models.map((model) => {
      const [symbol, picture] = [el("span"), el("span", { class: "tile-picture", "aria-hidden": "true" })];
      const [verdict, loss] = [el("span", { class: "tile-verdict" }), el("span", { class: "tile-loss" })];
      const name = el("span", { class: "tile-name" }, symbol, el("span", {}, model));
      const element = el("button", { type: "button", class: "tile" }, name, picture, verdict, loss);
      element.addEventListener("click", () => {
        const tile = this.#store.view.tiles.find((t) => t.model === model);
        if (tile) this.#store.send({ type: "select", runId: tile.runId });
      });
      this.#drawn.set(model, { element, symbol, picture, verdict, loss });
      return el("li", {}, element);
    });
    this.#list.replaceChildren(...items);
  }
}

function spoken({ model, severity, verdict, loss }: Tile): string {
  const found = severity === null ? panelWords().nothingFound : panelWords().severities[severity];
  return listWords().commas([model, found, verdict, loss].filter((part) => part !== ""));
}
