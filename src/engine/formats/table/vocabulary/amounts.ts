/** Numbers as offices, exchanges and spreadsheets write them: with currencies, per cent signs, brackets and units of size. */

import { doubtfulSize, sizeOf } from "./sizes.ts";

/** What surrounds a number, apart from currencies, and how it is understood; each is said once. */
export type AmountSign = "percent" | "perMille" | "brackets" | "minusBehind" | "size";

export interface Amount {
  /** The number's own text, with an ASCII sign and one kind of blank. */
  readonly text: string;
  readonly factor: number;
  /** Null: nothing that needs to be said. */
  readonly sign: AmountSign | null;
  /** The currency; empty: none. */
  readonly currency: string;
}

/** Signs and codes (ISO 4217) of currencies, before or behind a number. */
const currencyBefore =
  /^([+-]?) ?(?:(?:US|CA|AU|NZ|HK|NT|R|C|A|S)?\$|[€£¥₹₩₽₺₪₫₴฿]|Rs\.?|Fr\.|(?:USD|EUR|GBP|JPY|CNY|RMB|CHF|INR|CAD|AUD|NZD|HKD|TWD|KRW|BRL|MXN|SEK|NOK|DKK|PLN|CZK|HUF|RUB|TRY|ZAR|SGD|BTC|ETH)) ?(?=[\d.,+(-])/u;
const currencyBehind =
  / ?(?:[$€£¥₹₩₽₺₪₫₴฿元円원]|z[łl]|kr\.?|Kč|Ft|руб\.?|р\.|USD|EUR|GBP|JPY|CNY|RMB|CHF|INR|CAD|AUD|NZD|HKD|TWD|KRW|BRL|MXN|SEK|NOK|DKK|PLN|CZK|HUF|RUB|TRY|ZAR|SGD|BTC|ETH)$/u;

/** Normalizes a cell; whether it is a number, its text decides. */
export function amountOf(cell: string): Amount {
  if (/^[+-]?[\d.,]+$/.test(cell)) return { text: cell, factor: 1, sign: null, currency: "" };
  // Full-width digits and signs; spreadsheets' texts that only look like numbers: ="1.5" and '1.5.
  let text = /[\uff00-\uffef]/.test(cell) ? cell.normalize("NFKC") : cell;
  text = text
    .replaceAll("\u2212", "-")
    .replaceAll(/[\u00a0\u2009\u202f]/g, " ")
    .replaceAll("\u2019", "'")
    .replace(/^="?([^"]*)"?$/, "$1")
    .replace(/^'(?=[\d+.,-])/, "")
    .replace(/^([+-]) {1,3}(?=[\d.,])/, "$1");
  let sign: AmountSign | null = null;
  let factor = 1;
  const end = text.at(-1) ?? "";
  if (text.startsWith("(") && end === ")" && /\d/.test(text)) {
    text = text.slice(1, -1).trim();
    [sign, factor] = ["brackets", -1];
  } else if (/^[$€£¥]\(.*\)$/u.test(text)) {
    text = text.slice(0, 1) + text.slice(2, -1);
    [sign, factor] = ["brackets", -1];
  } else if (end === "-" && /^\d/.test(text)) {
    text = text.slice(0, -1).trimEnd();
    [sign, factor] = ["minusBehind", -1];
  }
  let currency = "";
  const named = (found: string, kept = "") => {
    currency = found.replace(/[+ -]/g, "");
    return kept;
  };
  text = text.replace(currencyBefore, named).replace(currencyBehind, (found) => named(found));
  const last = text.at(-1) ?? "";
  if (last === "%" || last === "‰") {
    text = text.slice(0, -1).trimEnd();
    sign ??= last === "%" ? "percent" : "perMille";
  }
  const size = sizeOf(text);
  if (size) {
    text = text.slice(0, -size.word.length).trimEnd();
    factor *= size.factor;
    sign ??= "size";
  }
  // Fortran writes 1.5D+02.
  if (/\dD[+-]?\d/.test(text)) text = text.replace("D", "E");
  return { text, factor, sign, currency };
}

/** Whether a cell that is no number is one with other text before or behind it, such as a unit or a footnote's mark. */
export function isNumberWithText(cell: string): boolean {
  return (
    cell.length <= 40 &&
    /^[^\p{L}\d]{0,3}[+-]?\d[\d.,' ]{0,30}(?:[^\d.,' ][^\d]{0,11})?$|^\p{L}{1,4}\.? ?[+-]?\d[\d.,' ]{0,30}$/u.test(cell)
  );
}

/**
 * The numbers that a cell may mean whose last letters are a factor or a unit, such as 2.5m; empty: they are no factor.
 *
 * @param read the number that a text is; NaN: it is none
 */
export function readingsOf(cell: string, read: (text: string) => number): readonly number[] {
  const doubtful = doubtfulSize(cell);
  if (!doubtful) return [];
  const value = read(cell.slice(0, -doubtful.word.length).trimEnd());
  if (Number.isNaN(value)) return [];
  return [...doubtful.factors, 1].map((factor) => Number((value * factor).toPrecision(15)));
}
