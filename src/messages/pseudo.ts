/** The pseudo-locale: every message in brackets, so that a text without them does not come from the catalogue. */

export const open = "⟦";
export const close = "⟧";

/** The same messages, each in brackets. */
export function bracketed<Messages extends object>(messages: Messages): Messages {
  const entries = Object.entries(messages).map(([key, message]) => [key, inBrackets(message)]);
  return Object.fromEntries(entries) as Messages;
}

function inBrackets(message: unknown): unknown {
  if (typeof message === "string") return message === "" ? "" : `${open}${message}${close}`;
  if (typeof message === "function") return (...args: readonly unknown[]) => inBrackets(message(...args));
  return typeof message === "object" && message !== null ? bracketed(message) : message;
}

/** What a text holds outside of brackets. */
export function outsideOfBrackets(text: string): string {
  let depth = 0;
  let outside = "";
  for (const character of text) {
    if (character === open) depth++;
    else if (character === close) depth--;
    else if (depth === 0) outside += character;
  }
  return outside;
}
