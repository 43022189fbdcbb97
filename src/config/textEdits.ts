/** Replacements in a text, and the sum of several successive ones against the original text. */

export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

/** Applies edits that do not overlap, all against `text`. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let end = 0;
  for (const edit of [...edits].sort((a, b) => a.offset - b.offset)) {
    result += text.slice(end, edit.offset) + edit.content;
    end = edit.offset + edit.length;
  }
  return result + text.slice(end);
}

/** A stretch of the current text: taken from the original (`from` is its offset there), or new. */
type Piece = { readonly from: number; readonly length: number } | { readonly content: string };

/**
 * The current text as pieces of the original and insertions, so that edits of edited text can be expressed against the
 * original.
 */
export class EditedText {
  private pieces: readonly Piece[];
  private readonly original: string;

  constructor(original: string) {
    this.original = original;
    this.pieces = [{ from: 0, length: original.length }];
  }

  get text(): string {
    return this.pieces.map((p) => ("from" in p ? this.original.slice(p.from, p.from + p.length) : p.content)).join("");
  }

  /** Edits of the current text; they must not overlap. */
  apply(edits: readonly TextEdit[]): void {
    for (const edit of [...edits].sort((a, b) => b.offset - a.offset)) {
      const before = slice(this.pieces, 0, edit.offset);
      const after = slice(this.pieces, edit.offset + edit.length, Number.POSITIVE_INFINITY);
      this.pieces = [...before, ...(edit.content === "" ? [] : [{ content: edit.content }]), ...after];
    }
  }

  /** The smallest list of edits, in order and without overlap, that turns the original into the current text. */
  edits(): readonly TextEdit[] {
    const edits: TextEdit[] = [];
    let offset = 0;
    let content = "";
    for (const piece of [...this.pieces, { from: this.original.length, length: 0 }]) {
      if (!("from" in piece)) {
        content += piece.content;
        continue;
      }
      if (content !== "" || piece.from > offset) edits.push({ offset, length: piece.from - offset, content });
      offset = piece.from + piece.length;
      content = "";
    }
    return edits;
  }
}

function slice(pieces: readonly Piece[], start: number, end: number): readonly Piece[] {
  const result: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const length = "from" in piece ? piece.length : piece.content.length;
    const first = Math.max(start - at, 0);
    const last = Math.min(end - at, length);
    if (first < last)
      result.push(
        "from" in piece
          ? { from: piece.from + first, length: last - first }
          : { content: piece.content.slice(first, last) },
      );
    at += length;
  }
  return result;
}
