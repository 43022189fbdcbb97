/** Removes V8's last words from stderr: pages of addresses that only mean that memory ran out. */

/** How the last words begin; everything after that belongs to them. */
const beginnings = ["<--- Last few GCs --->", "FATAL ERROR: ", "# Fatal ", "terminate called after throwing"];
/** Characters of them that are kept. */
const kept = 4000;

export class FatalFilter {
  #held = "";
  #fatal: string | null = null;

  /** The text from the beginning of the last words on; null if there were none. */
  get fatal(): string | null {
    return this.#fatal;
  }

  /** @returns the part of it, and of the text held back before, that is to be shown. */
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

  /** Returns the text held back. */
  end(): string {
    const rest = this.#held;
    this.#held = "";
    return rest;
  }
}

/** Number of characters at the end that may be the beginning of last words. */
function unsure(text: string): number {
  const lengths = beginnings.map((b) => {
    for (let length = Math.min(b.length - 1, text.length); length > 0; length--)
      if (text.endsWith(b.slice(0, length))) return length;
    return 0;
  });
  return Math.max(0, ...lengths);
}
