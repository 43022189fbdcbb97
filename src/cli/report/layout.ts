/** Lays out text in columns, as terminals count them: Chinese, Japanese and Korean characters take two. */

/** Characters of the classes W and F of Unicode's UAX #11, East Asian Width. */
const wideCharacters =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303E\uFF00-\uFF60\uFFE0-\uFFE6]/gu;
/** Marks that stand over the character before them. */
const noWidth = /\p{Mn}|\u200B/gu;
/**
 * What is never broken: a wide character or a run of others, with the punctuation that no line begins with after it and
 * that none ends with before it.
 */
const pieces =
  /[（《「『【“]*(?:(?![、。，；：！？）》」』】（《「『【])[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303E\uFF00-\uFF60\uFFE0-\uFFE6]|[^\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303E\uFF00-\uFF60\uFFE0-\uFFE6”“…]+)[、。，；：！？）》」』】”…]*|[、。，；：！？）》」』】”…（《「『【“]+/gu;

function piecesOf(word: string): readonly string[] {
  return word.search(wideCharacters) < 0 ? [word] : (word.match(pieces) ?? [word]);
}

/** Columns that a text takes in a terminal. */
export function displayWidth(text: string): number {
  // Nearly all texts have none of them.
  if (/^[\x20-\x7E]*$/.test(text)) return text.length;
  const bare = text.replaceAll(noWidth, "");
  return [...bare].length + (bare.match(wideCharacters)?.length ?? 0);
}

/** Breaks text at spaces and between wide characters into lines of at most `width` columns, each led by `indent`. */
export function wrap(text: string, width: number, indent: string): string[] {
  const room = Math.max(20, width - displayWidth(indent));
  const lines: string[] = [];
  let line = "";
  let taken = 0;
  for (const [w, word] of text.split(" ").entries())
    for (const [p, piece] of piecesOf(word).entries()) {
      const gap = p === 0 && w > 0 ? " " : "";
      const needed = displayWidth(piece);
      if (line !== "" && taken + gap.length + needed > room) {
        lines.push(line);
        line = piece;
        taken = needed;
      } else {
        // Spaces at the beginning of a line are left out.
        const added = line === "" ? piece : gap + piece;
        line += added;
        taken += displayWidth(added);
      }
    }
  return [...lines, line].map((l) => indent + l);
}

/** Pads text to `width` columns. */
export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** The same, with the text at the right. */
export function atRight(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Pads text to `width` columns, or cuts it and ends it with `…`. */
export function fill(text: string, width: number): string {
  if (displayWidth(text) <= width) return padded(text, width);
  let cut = "";
  for (const character of text) {
    if (displayWidth(cut + character) > width - 1) break;
    cut += character;
  }
  return padded(width > 0 ? `${cut}…` : "", width);
}

/** Widths of the columns of a table, from its widest cells. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const count = Math.max(0, ...rows.map((r) => r.length));
  return Array.from({ length: count }, (_, c) => Math.max(...rows.map((r) => displayWidth(r[c] ?? ""))));
}
