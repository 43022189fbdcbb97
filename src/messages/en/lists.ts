/** How parts become a sentence, and sentences a text. */

export const lists = {
  /** `a, b, c`. */
  commas: (parts: readonly string[]) => parts.join(", "),
  or: (parts: readonly string[]) => parts.join(" or "),
  and: (parts: readonly string[]) => parts.join(" and "),
  quoted: (text: string) => `“${text}”`,
  /** Sentences that were written one after the other. */
  sentences: (text: string) => text,
};
