/** Constructions that plain English avoids, and a search for them in comments, messages and pages. */

export interface Hit {
  /** Counted from 1. */
  readonly line: number;
  readonly found: string;
  /** What to write instead. */
  readonly instead: string;
}

const constructions: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  {
    pattern: /(?:\/\*\*|""")\s*(?:Of|Said|Such|To be)\s/g,
    instead: "begin a doc comment with a noun phrase or a verb",
  },
  {
    pattern: /(?<!\b(?:regardless|independent|irrespective|choice|question)\s+)\bof\s+which\b/gi,
    instead: "a sentence of its own, or “whose”",
  },
  { pattern: /\bas\s+of\b/gi, instead: "“from”, “in” or “like”" },
  { pattern: /\bbe\s+it\b/gi, instead: "“whether”, or a list" },
  { pattern: /\bno\s+matter\s+that\b|\bof\s+no\s+(?:account|matter)\b/gi, instead: "“although”, or “does not matter”" },
  { pattern: /\bby\s+way\s+of\b/gi, instead: "“through”" },
  { pattern: /\bwhosever\b|\bwhose\s+(?:it\s+is|they\s+are)\b/gi, instead: "“of any …”, or name the owner" },
  { pattern: /\bfor\s+want\s+of\b/gi, instead: "“without”, or “because there is no …”" },
  { pattern: /\bthat\s+there\s+is\s+not\b/gi, instead: "“missing”, or “that does not exist”" },
  { pattern: /\b(?:told|tells?)\s+of\b/gi, instead: "“reports”, or “warns about”" },
  {
    pattern: /\btold\s+(?:as|together|whole|within)\b|\bthan\s+are\s+told\b/gi,
    instead: "“reported”, “listed” or “shown”; only people are told something",
  },
  { pattern: /\bto\s+be\s+had\b/gi, instead: "“available”" },
  { pattern: /\bfor\s+it\s+is\b/gi, instead: "“because it is”" },
  { pattern: /\bc(?:ame|omes?)\s+of\s+(?:it|them|that|this)\b/gi, instead: "“results from”" },
];

/** All of them in a text. A line break within a comment counts as a blank. */
export function findConstructions(text: string): readonly Hit[] {
  const flat = text.replace(/\n[ \t]*(?:\*(?!\/)|\/\/)?/g, (lead) => " ".repeat(lead.length));
  return constructions.flatMap(({ pattern, instead }) =>
    [...flat.matchAll(pattern)].map(({ index, 0: found }) => ({
      line: text.slice(0, index).split("\n").length,
      found: found.replace(/\s+/g, " "),
      instead,
    })),
  );
}
