/**
 * Reads rows of a table without quotes from its bytes: most files contain only numbers, which need neither text nor a
 * parser that handles quotes. The result is the same as that of the parser for general CSV.
 */

const newline = 10;
const carriageReturn = 13;
const [tab, space, quote] = [9, 32, 34];

/** Whether {@link plainRows} can read it: no quotes, and every line end has a line feed. */
export function isPlain(bytes: Uint8Array): boolean {
  if (bytes.includes(quote)) return false;
  for (let at = bytes.indexOf(carriageReturn); at >= 0; at = bytes.indexOf(carriageReturn, at + 1))
    if (bytes[at + 1] !== newline) return false;
  return true;
}

export interface PlainRow {
  /** Counted from 1, including empty lines. */
  readonly line: number;
  readonly cells: number;
  /** Whether the row has more bytes than allowed; it is then the last one, and `cells` has no meaning. */
  readonly long: boolean;
}

export interface PlainOptions {
  /** Offset of the text, after its byte order mark. */
  readonly from: number;
  /** The byte between two cells; a space stands for any number of spaces and tabs. */
  readonly separator: number;
  /** Limit of one row. */
  readonly maxBytes: number;
}

/**
 * Walks through the rows that are not empty. A row is valid until the next one.
 *
 * @param bounds receives the places of each row's cells: cell i is from bounds[2 i] to before bounds[2 i + 1], without
 * the blanks around it.
 */
export function* plainRows(
  bytes: Uint8Array,
  { from, separator, maxBytes }: PlainOptions,
  bounds: number[],
): Generator<PlainRow, void> {
  const row = { line: 0, cells: 0, long: false };
  const blanks = separator === space;
  for (let at = from; at < bytes.length; ) {
    row.line++;
    row.cells = 0;
    let begin = at;
    const limit = at + maxBytes;
    for (; ; at++) {
      if (at > limit) {
        row.long = true;
        yield row;
        return;
      }
      const c = at < bytes.length ? bytes[at]! : newline;
      if (c !== separator && c !== newline && !(blanks && c === tab)) continue;
      trimInto(bounds, row.cells++, bytes, begin, at);
      // Several blanks count as one separator.
      if (blanks && bounds[2 * row.cells - 2] === bounds[2 * row.cells - 1]) row.cells--;
      begin = at + 1;
      if (c === newline) break;
    }
    at++;
    if (row.cells > 1 || (row.cells === 1 && bounds[0]! < bounds[1]!)) yield row;
  }
}

function trimInto(bounds: number[], cell: number, bytes: Uint8Array, begin: number, end: number): void {
  let first = begin;
  let last = end;
  while (first < last && isBlank(bytes[first]!)) first++;
  while (last > first && isBlank(bytes[last - 1]!)) last--;
  bounds[2 * cell] = first;
  bounds[2 * cell + 1] = last;
}

/** Space, tab, form feed and carriage return. */
function isBlank(c: number): boolean {
  return c === space || c === tab || c === 12 || c === carriageReturn;
}

/** 10^0 to 10^22: the powers of ten that are exact in float64. */
const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Any whole number with this many digits is exact in float64. */
const exactDigits = 15;

/**
 * The decimal at these bytes, rounded correctly. NaN if it is no number, or if it is too long for this fast path: parse
 * its text then. A mantissa below 10^15 and a power of ten up to 10^22 are exact, so one division rounds once (Clinger
 * 1990, "How to read floating point numbers accurately", PLDI).
 *
 * @param point the byte of the decimal mark.
 */
export function quickDecimal(bytes: Uint8Array, begin: number, end: number, point: number): number {
  let at = begin;
  const sign = bytes[at];
  if (sign === 43 || sign === 45) at++;
  let mantissa = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < end; at++) {
    const c = bytes[at]!;
    if (c >= 48 && c <= 57) {
      mantissa = mantissa * 10 + (c - 48);
      digits++;
      if (decimals >= 0) decimals++;
    } else if (c === point && decimals < 0) decimals = 0;
    else return Number.NaN;
  }
  if (digits === 0 || digits > exactDigits) return Number.NaN;
  const value = decimals > 0 ? mantissa / powers[decimals]! : mantissa;
  return sign === 45 ? -value : value;
}
