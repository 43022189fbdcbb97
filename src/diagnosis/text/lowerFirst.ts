/** Makes one sentence a part of another. */

/** Lowers the first letter, unless an abbreviation starts the sentence. */
export function lowerFirst(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title[0]!.toLowerCase()}${title.slice(1)}` : title;
}
