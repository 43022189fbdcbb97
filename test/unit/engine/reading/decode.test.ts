import { describe, expect, it } from "vitest";
import { toUtf8 } from "../../../../src/engine/reading/decode.ts";

/** The text of these bytes. */
function decoded(bytes: readonly number[], encoding: string): string {
  const utf8 = toUtf8(Uint8Array.from(bytes), encoding);
  return "badLine" in utf8 ? `line ${utf8.badLine} is wrong` : new TextDecoder().decode(utf8);
}

describe("texts in the encodings of the world", () => {
  // What Python's codecs give.
  it.each([
    ["windows-1252", [0x80, 0x92, 0x99, 0x8c, 0xe9], "€’™Œé"],
    ["latin1", [0x80, 0x85, 0xa3], "€…£"],
    ["windows-1250", [0x80, 0x9a, 0xb9], "€šą"],
    ["windows-1251", [0x80, 0xc4, 0xe0], "ЂДа"],
    ["iso-8859-2", [0xb1, 0xe6], "ąć"],
    ["iso-8859-15", [0xa4, 0xbd], "€œ"],
    ["koi8-r", [0xc4, 0xc1], "да"],
    ["macintosh", [0x80, 0xd2, 0xdb], "Ä“€"],
    ["gb18030", [0xc8, 0xd5, 0xc6, 0xda, 0x81, 0x30, 0x81, 0x30], "日期\u0080"],
    ["big5", [0xa4, 0xe9, 0xb4, 0xc1], "日期"],
    ["shift_jis", [0x93, 0xfa, 0x95, 0x74], "日付"],
    ["euc-jp", [0xc6, 0xfc, 0xc9, 0xd5], "日付"],
    ["euc-kr", [0xb3, 0xaf, 0xc2, 0xa5], "날짜"],
  ])("%s is read", (encoding, bytes, text) => {
    expect(decoded(bytes, encoding)).toBe(text);
  });
});
