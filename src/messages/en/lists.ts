/** How parts become a sentence, and sentences a text. */

/** Most names of a list; a longer one is not read. */
export const mostNames = 15;

export const lists = {
  /** `a, b, c`. */
  commas: (parts: readonly string[]) => parts.join(", "),
  /** `a, b or c`; of many names only the first. `all`: names that docs/config.md lists. */
  some: ({ names, word, all }: { names: readonly string[]; word: "and" | "or"; all: boolean }) => {
    const others = all ? "others (docs/config.md lists them all)" : "others";
    if (names.length > mostNames) return `${names.slice(0, mostNames).join(", ")} ${word} ${others}`;
    return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
  },
  or: (parts: readonly string[]) => parts.join(" or "),
  and: (parts: readonly string[]) => parts.join(" and "),
  quoted: (text: string) => `“${text}”`,
  /** What is said of something that is named. */
  named: ({ name, text }: { name: string; text: string }) => `${name}: ${text}`,
  /** A text with a remark on it. */
  aside: ({ text, aside }: { text: string; aside: string }) => `${text} (${aside})`,
  /** A sentence without its mark. */
  sentence: (text: string) => `${text}.`,
  /** Sentences that were written one after the other. */
  sentences: (text: string) => text,
};
