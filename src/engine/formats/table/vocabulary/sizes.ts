/** Words and letters behind numbers that stand for a factor, in several languages. */

/** Factors that have one meaning. Small letters alone would be units, such as metres. */
const sizes: ReadonlyMap<string, number> = new Map([
  ...["K", "k", "Tsd", "Tsd.", "tsd", "Tausend", "thousand", "mille", "тыс", "тыс.", "千", "천"].map(
    (word) => [word, 1e3] as const,
  ),
  ...["万", "萬", "만"].map((word) => [word, 1e4] as const),
  ...["lakh", "lakhs", "lac", "lacs"].map((word) => [word, 1e5] as const),
  ...["M", "mn", "Mn", "mln", "mln.", "Mio", "Mio.", "mio", "mio.", "million", "millions", "Millionen"].map(
    (word) => [word, 1e6] as const,
  ),
  ...["millón", "millones", "milioni", "miljoen", "млн", "млн.", "百万"].map((word) => [word, 1e6] as const),
  ...["crore", "crores", "千万"].map((word) => [word, 1e7] as const),
  ...["亿", "億", "억"].map((word) => [word, 1e8] as const),
  ...["B", "bn", "Bn", "Mrd", "Mrd.", "mrd", "mrd.", "Milliarden", "milliard", "milliards", "miliardi"].map(
    (word) => [word, 1e9] as const,
  ),
  ...["billion", "billions", "mld", "mld.", "млрд", "млрд."].map((word) => [word, 1e9] as const),
  ...["T", "trn", "trillion", "trillions", "万亿", "трлн"].map((word) => [word, 1e12] as const),
]);

/** Letters that are a factor for some authors, and a unit or another factor for others. */
const doubtful: ReadonlyMap<string, readonly number[]> = new Map([
  ["m", [1e6, 1e-3]],
  ["mm", [1e6, 1e-3]],
  ["MM", [1e6]],
  ["mil", [1e3, 1e6]],
  ["mil.", [1e3, 1e6]],
  ["mill", [1e6]],
  ["mill.", [1e6]],
  ["Mill.", [1e6]],
  ["b", [1e9]],
  ["bil", [1e9]],
  ["Bio", [1e12]],
  ["Bio.", [1e12]],
  ["t", [1e3, 1e12]],
  ["th", [1e3]],
  ["Th", [1e3]],
  ["tn", [1e12]],
  ["c", [1e-2]],
  ["h", [1e2]],
  ["L", [1e5]],
  ["l", [1e5]],
  ["Cr", [1e7]],
  ["cr", [1e7]],
  ["Cr.", [1e7]],
  ["g", [1e9]],
  ["G", [1e9]],
  ["P", [1e15]],
  ["u", [1e-6]],
  ["µ", [1e-6]],
  ["μ", [1e-6]],
  ["n", [1e-9]],
  ["p", [1e-12]],
  ["兆", [1e12, 1e6]],
]);

const lastLetters = /\d ?(\p{L}{1,10}\.?)$/u;

function lastWord(text: string): string {
  return lastLetters.exec(text)?.[1] ?? "";
}

/** The factor at the end of a number's text; null: there is none. */
export function sizeOf(text: string): { readonly word: string; readonly factor: number } | null {
  const word = lastWord(text);
  const factor = sizes.get(word);
  return factor === undefined ? null : { word, factor };
}

/** The letters at the end of a number's text that may be a factor or a unit, and what they may be. */
export function doubtfulSize(text: string): { readonly word: string; readonly factors: readonly number[] } | null {
  const word = lastWord(text);
  const factors = doubtful.get(word);
  return factors === undefined ? null : { word, factors };
}
