/** One sentence as a part of another. */

/** The first letter of a sentence within another; not that of an abbreviation. */
export function lowerFirst(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? `${title[0]!.toLowerCase()}${title.slice(1)}` : title;
}
