/**
 * One animation-frame loop for the whole page: a block is drawn at most once per frame, and never while it is
 * off-screen.
 */

import type { View } from "../state/store.ts";
import { Pace } from "./pace.ts";

/**
 * Milliseconds between two drawings of a chart caused only by new data. Ten drawings a second look continuous. Thirty take
 * two thirds of a processor without a graphics card, which the training needs.
 */
export const chartInterval = 100;

export interface Block {
  readonly element: HTMLElement;
  /**
   * Milliseconds between two drawings caused only by new data: figures that change thirty times a second cannot be
   * read.
   */
  readonly interval: number;
  render(view: View): void;
  /**
   * Draws new data in parts of a few milliseconds, between which other blocks may be drawn. A block without it is rendered
   * at once.
   */
  parts?(view: View): Iterator<unknown>;
  /**
   * Shows what depends on the pointer's position, at each of its moves. A block without it is rendered as for new data.
   */
  follow?(view: View): void;
}

/**
 * Milliseconds of a frame after which new data waits for the next one: all charts at once would take longer than a frame
 * has, on a machine that draws without a graphics card.
 */
const share = 4;
/** Milliseconds of a frame that several blocks may take together, by what each of them took before. */
const together = 8;

interface Entry {
  readonly block: Block;
  visible: boolean;
  dirty: boolean;
  urgent: boolean;
  /** The pointer moved since the last drawing. */
  moved: boolean;
  drawnAt: number;
  /** What is left of the drawing that was begun. */
  left: Iterator<unknown> | null;
  /** Milliseconds that a drawing takes, or a part of one. */
  takes: number;
}

export class Scheduler {
  readonly #entries: Entry[] = [];
  readonly #view: () => View;
  readonly #observer: IntersectionObserver;
  readonly #sizes: ResizeObserver;
  readonly #pace = new Pace();
  #requested = false;

  constructor(view: () => View) {
    this.#view = view;
    this.#observer = new IntersectionObserver(
      (changes) => {
        for (const change of changes) {
          const entry = this.#entries.find((e) => e.block.element === change.target);
          if (entry !== undefined) entry.visible = change.isIntersecting;
        }
        this.#request();
      },
      { rootMargin: "100px" },
    );
    // A resize requires new binning by pixels; also, a block that was just inserted learns its size only now.
    this.#sizes = new ResizeObserver((changes) => {
      for (const change of changes) {
        const entry = this.#entries.find((e) => e.block.element === change.target);
        if (entry !== undefined) entry.dirty = entry.urgent = true;
      }
      this.#request();
    });
  }

  add(block: Block): void {
    this.#entries.push({
      block,
      visible: true,
      dirty: true,
      urgent: true,
      moved: false,
      drawnAt: Number.NEGATIVE_INFINITY,
      left: null,
      takes: 0,
    });
    this.#observer.observe(block.element);
    this.#sizes.observe(block.element);
    this.#request();
  }

  /** Marks the block as changed. @param urgent the user is waiting for it */
  invalidate(urgent: boolean): void {
    for (const entry of this.#entries) {
      entry.dirty = true;
      entry.urgent ||= urgent;
    }
    this.#request();
  }

  /** The pointer moved over a chart. */
  pointed(): void {
    for (const entry of this.#entries)
      if (entry.block.follow === undefined) entry.dirty = true;
      else entry.moved = true;
    this.#request();
  }

  #request(): void {
    if (this.#requested) return;
    this.#requested = true;
    requestAnimationFrame((now) => {
      this.#requested = false;
      this.#draw(now);
    });
  }

  #draw(now: number): void {
    const slowest = document.body.classList.contains("vscode-reduce-motion") ? 1000 : 0;
    let wait = Number.POSITIVE_INFINITY;
    let drew = false;
    let later = false;
    const view = this.#view();
    const start = performance.now();
    // The block that was drawn longest ago comes first, so that none waits for ever.
    for (const entry of this.#entries.toSorted((a, b) => a.drawnAt - b.drawnAt)) {
      // The observer considers a block that hid itself off-screen, and only its own render can show it again.
      if (!entry.visible && !entry.block.element.hidden) continue;
      const { moved } = entry;
      entry.moved = false;
      const due = Math.max(this.#pace.next, entry.drawnAt + Math.max(entry.block.interval, slowest));
      const mayDraw = (): boolean => {
        const used = performance.now() - start;
        return used === 0 || (used <= share && used + entry.takes <= together);
      };
      if (entry.dirty && (entry.urgent || (entry.left === null && now >= due && mayDraw()))) {
        begin(entry, view, now);
        drew = true;
      } else if (moved) entry.block.follow?.(view);
      while (entry.left !== null && mayDraw()) {
        goOn(entry, entry.left);
        drew = true;
      }
      if (entry.left !== null) later = true;
      else if (entry.dirty && now < due) wait = Math.min(wait, due - now);
      else if (entry.dirty) later = true;
    }
    if (drew) requestAnimationFrame((after) => this.#pace.shown(now, after));
    if (later) this.#request();
    else if (wait < Number.POSITIVE_INFINITY) setTimeout(() => this.#request(), wait);
  }
}

/** Draws a block, or begins to do so if nobody waits for it. */
function begin(entry: Entry, view: View, now: number): void {
  const parts = entry.urgent ? undefined : entry.block.parts?.(view);
  entry.dirty = false;
  entry.urgent = false;
  entry.drawnAt = now;
  entry.left = parts ?? null;
  if (parts) goOn(entry, parts);
  else timed(entry, () => entry.block.render(view));
}

function goOn(entry: Entry, parts: Iterator<unknown>): void {
  timed(entry, () => {
    if (parts.next().done === true) entry.left = null;
  });
}

/** Takes the time of a drawing. A single long one, during which the machine did something else, is soon forgotten. */
function timed(entry: Entry, draw: () => void): void {
  const began = performance.now();
  draw();
  entry.takes = Math.max(performance.now() - began, entry.takes / 2);
}
