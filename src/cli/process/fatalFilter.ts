/** Keeps V8's last words out of stderr: pages of addresses that only say that memory ran out. */

/** How they begin; all that follows belongs to them. */
const beginnings = ["<--- Last few GCs --->", "FATAL ERROR: ", "# Fatal ", "terminate called after throwing"];
/** Characters that are kept of them. */
const kept = 4000;

export class FatalFilter {
  #held = "";
  #fatal: string | null = null;

  /** What was said from the first of the last words on; null: there were none. */
  get fatal(): string | null {
    return this.#fatal;
  }

  /** @returns what of it, and of what was held before, is to be shown. */
  push(text: string): string {
    if (this.#fatal !== null) {
      this.#fatal = (this.#fatal + text).slice(0, kept);
      return "";
    }
    const all = this.#held + text;
    this.#held = "";
    const places = beginnings.map((b) => all.indexOf(b)).filter((at) => at >= 0);
    if (places.length > 0) {
      const at = Math.min(...places);
      this.#fatal = all.slice(at, at + kept);
      return all.slice(0, at).replace(/\n#?\n?$/, "\n");
    }
    this.#held = all.slice(all.length - unsure(all));
    return all.slice(0, all.length - this.#held.length);
  }

  /** What was held. */
  end(): string {
    const rest = this.#held;
    this.#held = "";
    return rest;
  }
}

/** How many characters at the end may be the first ones of last words. */
function unsure(text: string): number {
  const lengths = beginnings.map((b) => {
    for (let length = Math.min(b.length - 1, text.length); length > 0; length--)
      if (text.endsWith(b.slice(0, length))) return length;
    return 0;
  });
  return Math.max(0, ...lengths);
}
