/**
 * A TrueType font whose every character is the same box. A page set in it has the same layout and the same pixels on
 * every machine, whatever fonts that has. Made from the tables that browsers require (OpenType 1.9).
 */

const unitsPerEm = 1000;
const advance = 520;
/** Characters up to here have the box; others come from the machine's fonts. */
const lastCharacter = 0x2fff;

class Table {
  readonly #bytes: number[] = [];
  u8(...values: readonly number[]): this {
    this.#bytes.push(...values.map((v) => v & 255));
    return this;
  }
  u16(...values: readonly number[]): this {
    for (const v of values) this.u8(v >> 8, v);
    return this;
  }
  u32(...values: readonly number[]): this {
    for (const v of values) this.u16(v >>> 16, v);
    return this;
  }
  get bytes(): readonly number[] {
    return this.#bytes;
  }
}

/** A box from the baseline to the height of x. */
const box: readonly (readonly [number, number])[] = [
  [60, 0],
  [60, 500],
  [460, 500],
  [460, 0],
];

function glyphs(): { readonly glyf: Table; readonly loca: Table } {
  const [xs, ys] = [box.map(([x]) => x), box.map(([, y]) => y)];
  const glyf = new Table().u16(1, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
  glyf.u16(box.length - 1, 0).u8(...box.map(() => 1));
  glyf.u16(...xs.map((x, i) => x - (xs[i - 1] ?? 0))).u16(...ys.map((y, i) => y - (ys[i - 1] ?? 0)));
  while (glyf.bytes.length % 4 !== 0) glyf.u8(0);
  // Glyph 0 is empty, glyph 1 the box, glyph 2 the empty space.
  return { glyf, loca: new Table().u32(0, 0, glyf.bytes.length, glyf.bytes.length) };
}

/** Format 4: two segments, the characters and the obligatory last one. */
function characters(): Table {
  const count = lastCharacter - 0x20 + 1;
  const length = 14 + 2 * 8 + 2 + 2 * count;
  const cmap = new Table().u16(0, 1, 3, 1).u32(12).u16(4, length, 0, 4, 4, 1, 0);
  cmap.u16(lastCharacter, 0xffff, 0, 0x20, 0xffff, 0, 1, 4, 0);
  const isSpace = (c: number): boolean => c === 0x20 || c === 0xa0 || (c >= 0x2000 && c <= 0x200f);
  return cmap.u16(...Array.from({ length: count }, (_, i) => (isSpace(0x20 + i) ? 2 : 1)));
}

function names(family: string): Table {
  const strings = [family, "Regular", family, family, "Version 1", family];
  const table = new Table().u16(0, strings.length, 6 + 12 * strings.length);
  let offset = 0;
  for (const [id, text] of strings.entries()) {
    table.u16(3, 1, 0x409, id + 1, 2 * text.length, offset);
    offset += 2 * text.length;
  }
  for (const text of strings) table.u16(...Array.from(text, (c) => c.charCodeAt(0)));
  return table;
}

function metrics(): Table {
  const os2 = new Table().u16(4, advance, 400, 5, 0, 650, 700, 0, 140, 650, 700, 0, 480, 50, 300, 0);
  os2
    .u8(...Array.from({ length: 10 }, () => 0))
    .u32(1, 0, 0, 0)
    .u32(0x4c454e53);
  return os2.u16(0x40, 0x20, lastCharacter, 800, -200, 0, 800, 200).u32(1, 0).u16(500, 700, 0, 0x20, 1);
}

/** The font as a TrueType file. */
export function boxFont(family: string): Buffer {
  const { glyf, loca } = glyphs();
  const tables: readonly (readonly [string, Table])[] = [
    ["OS/2", metrics()],
    ["cmap", characters()],
    ["glyf", glyf],
    [
      "head",
      new Table()
        .u32(0x10000, 0x10000, 0, 0x5f0f3cf5)
        .u16(3, unitsPerEm)
        .u32(0, 0, 0, 0)
        .u16(60, 0, 460, 500, 0, 8, 2, 1, 0),
    ],
    ["hhea", new Table().u32(0x10000).u16(800, -200, 0, advance, 60, 60, 460, 1, 0, 0, 0, 0, 0, 0, 0, 3)],
    ["hmtx", new Table().u16(advance, 0, advance, 60, advance, 0)],
    ["loca", loca],
    ["maxp", new Table().u32(0x10000).u16(3, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)],
    ["name", names(family)],
    ["post", new Table().u32(0x30000, 0).u16(-100, 50).u32(0, 0, 0, 0, 0)],
  ];
  const header = new Table().u32(0x10000).u16(tables.length, 128, 3, 16 * tables.length - 128);
  const body = new Table();
  for (const [tag, table] of tables) {
    const start = 12 + 16 * tables.length + body.bytes.length;
    header.u8(...Buffer.from(tag)).u32(checksum(table.bytes), start, table.bytes.length);
    for (const byte of table.bytes) body.u8(byte);
    while (body.bytes.length % 4 !== 0) body.u8(0);
  }
  return Buffer.from([...header.bytes, ...body.bytes]);
}

function checksum(bytes: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 4)
    sum =
      (sum +
        (((bytes[i] ?? 0) << 24) | ((bytes[i + 1] ?? 0) << 16) | ((bytes[i + 2] ?? 0) << 8) | (bytes[i + 3] ?? 0))) >>>
      0;
  return sum;
}
