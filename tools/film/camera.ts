/** Takes the pictures of a film. Since a browser without a screen draws no mouse pointer, it draws one. */

import type { Locator, Page } from "playwright-core";
import type { Picture } from "./film.ts";

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Pictures of a movement, and milliseconds for each. */
const movement = { pictures: 5, shown: 60 };

export class Camera {
  readonly #page: Page;
  readonly #pictures: Picture[] = [];
  #at: Place = { x: 500, y: 400 };

  constructor(page: Page) {
    this.#page = page;
  }

  get pictures(): readonly Picture[] {
    return this.#pictures;
  }

  /** A picture of the present state, shown for so many milliseconds. One that looks like the last prolongs it. */
  async take(shown: number): Promise<void> {
    await this.#point();
    const png = await this.#page.screenshot({ type: "png", animations: "allow", caret: "hide" });
    const last = this.#pictures.at(-1);
    if (last?.png.equals(png)) this.#pictures[this.#pictures.length - 1] = { png, shown: last.shown + shown };
    else this.#pictures.push({ png, shown });
  }

  /**
   * Moves the pointer onto something, and there waits so long. The mouse itself moves only at the end, so that nothing
   * on the way shows a hover of its own.
   */
  async moveTo(target: Locator, shown = 400): Promise<void> {
    const box = await target.boundingBox();
    if (!box) throw new Error("there is nothing to point at");
    const from = this.#at;
    const to = { x: box.x + Math.min(box.width / 2, 60), y: box.y + box.height / 2 };
    for (let i = 1; i <= movement.pictures; i++) {
      const share = (1 - Math.cos((Math.PI * i) / movement.pictures)) / 2;
      this.#at = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
      if (i === movement.pictures) await this.#page.mouse.move(this.#at.x, this.#at.y);
      await this.take(i < movement.pictures ? movement.shown : shown);
    }
  }

  async click(target: Locator, shown = 400): Promise<void> {
    await this.moveTo(target, shown);
    await this.#page.mouse.down();
    await this.#page.mouse.up();
  }

  /** Types letter by letter. */
  async type(text: string, shown = 90): Promise<void> {
    for (const letter of text) {
      await this.#page.keyboard.type(letter);
      await this.take(shown);
    }
  }

  async #point(): Promise<void> {
    await this.#page.evaluate(({ x, y }) => {
      const id = "film-pointer";
      const made = document.getElementById(id) ?? document.body.appendChild(document.createElement("div"));
      made.id = id;
      const points = "0,0 0,17 4,13.5 6.5,19 9,18 6.5,12.5 12,12";
      const picture = `<svg xmlns='http://www.w3.org/2000/svg' width='14' height='21' viewBox='-1 -1 14 21'><polygon points='${points}' fill='white' stroke='black'/></svg>`;
      made.style.cssText = `position:fixed;left:${x}px;top:${y}px;width:14px;height:21px;pointer-events:none;z-index:1000000;background:url("data:image/svg+xml,${encodeURIComponent(picture)}")`;
    }, this.#at);
  }
}
