/** Shortens names and messages for display, so that each stays on one line whatever a file contains. */

import { visible } from "./visible.ts";

/** Characters of a name that are shown, in UTF-16 units. */
export const shownName = 60;

/** Characters of a message that are shown. Ours are far shorter; only a name in it can make one longer. */
export const shownMessage = 1000;

/** Characters of one word of a message that are shown. */
const shownWord = 200;

/** The beginning of a text, followed by `…` if it exceeds `limit`; never half a character, and only visible ones. */
export function shorten(text: string, limit: number = shownName): string {
  if (text.length <= limit) return visible(text);
  const end = limit - 1;
  const half = isHighSurrogate(text.charCodeAt(end - 1));
  return `${visible(text.slice(0, half ? end - 1 : end))}…`;
}

/** A message that may quote arbitrary names: its words and the whole are shortened to a readable length. */
export function shortMessage(message: string, limit: number = shownMessage): string {
  if (message.length <= shownWord) return message;
  const words = message.split(" ").map((word) => shorten(word, shownWord));
  return shorten(words.join(" "), limit);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
