/** Encodings of text, by their names in the WHATWG's Encoding Standard. */

export const encodings = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "latin1",
  "windows-1252",
  "iso-8859-2",
  "iso-8859-15",
  "windows-1250",
  "windows-1251",
  "koi8-r",
  "macintosh",
  "gb18030",
  "gbk",
  "big5",
  "shift_jis",
  "euc-jp",
  "euc-kr",
] as const;

export type Encoding = (typeof encodings)[number];
