/** Small choices above a chart. */

import { el, setAttribute } from "../dom.ts";

export interface Choice {
  readonly value: string;
  readonly text: string;
  readonly title?: string;
}

/** A native drop-down, which brings keyboard, screen reader and theme support. */
export class Picker {
  readonly element = el("select", { class: "picker" });
  #shown = "";

  constructor(name: string, title: string, chosen: (value: string) => void) {
    setAttribute(this.element, "aria-label", name);
    setAttribute(this.element, "title", title);
    this.element.addEventListener("change", () => chosen(this.element.value));
  }

  /** Sets the choices; the picker is hidden if there are fewer than `least`. */
  update(choices: readonly Choice[], value: string, least = 2): void {
    const key = choices.map((c) => `${c.value}\n${c.text}`).join("\n\n");
    if (key !== this.#shown) {
      this.#shown = key;
      this.element.replaceChildren(...choices.map((c) => el("option", { value: c.value }, c.text)));
    }
    if (this.element.value !== value) this.element.value = value;
    this.element.hidden = choices.length < least;
  }
}

/** A row of exclusive buttons. */
export class Switch {
  readonly element: HTMLElement;
  readonly #chosen: (value: string) => void;
  readonly #buttons = new Map<string, HTMLButtonElement>();
  #shown = "";

  constructor(name: string, chosen: (value: string) => void) {
    this.#chosen = chosen;
    this.element = el("div", { class: "switch", role: "group", "aria-label": name });
  }

  update(choices: readonly Choice[], value: string): void {
    const key = choices.map((c) => c.value).join("\n");
    if (key !== this.#shown) {
      this.#shown = key;
      this.#buttons.clear();
      for (const c of choices) {
        const button = el("button", { type: "button", title: c.title ?? null }, c.text);
        button.addEventListener("click", () => this.#chosen(c.value));
        this.#buttons.set(c.value, button);
      }
      this.element.replaceChildren(...this.#buttons.values());
    }
    for (const [v, button] of this.#buttons) setAttribute(button, "aria-pressed", String(v === value));
  }
}
