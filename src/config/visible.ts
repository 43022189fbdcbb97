/**
 * Characters of foreign names that must not reach a reader: control characters, with which a text rules a terminal, and
 * the marks that embed, override or isolate a direction, with which it shows in another order than it is read (Unicode
 * Technical Report 36, section 2.4; CVE-2021-42574).
 */
const ruling = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const everyRuling = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

export function isVisible(text: string): boolean {
  return !ruling.test(text);
}

/** The text with U+FFFD in the place of each such character. */
export function visible(text: string): string {
  return text.replace(everyRuling, "\uFFFD");
}
