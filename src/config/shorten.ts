/** Names and messages as they are shown: whatever a file calls things, a line stays a line. */

/** What is shown of a name, in UTF-16 units. */
export const shownName = 60;

/** What is shown of a message. Ours are far shorter; what makes one longer is a name in it. */
export const shownMessage = 1000;

/** What is shown of one word of a message. */
const shownWord = 200;

/** The beginning of a text and `…` where it is longer than `limit`; never half a character. */
export function shorten(text: string, limit: number = shownName): string {
  if (text.length <= limit) return text;
  const end = limit - 1;
  const half = isHighSurrogate(text.charCodeAt(end - 1));
  return `${text.slice(0, half ? end - 1 : end)}…`;
}

/** A message whose names may be anyone's: words and the whole are cut to what can be read. */
export function shortMessage(message: string, limit: number = shownMessage): string {
  if (message.length <= shownWord) return message;
  const words = message.split(" ").map((word) => shorten(word, shownWord));
  return shorten(words.join(" "), limit);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
