/** Lists and suggests names for messages. */

import { configWords } from "../messages/config.ts";
import { listWords } from "../messages/lists.ts";

/** Longer words are not typing mistakes: the longest of our names has 27 letters, and a layer's name at most 64. */
const longestWord = 64;
/** Most candidates that are compared; there are 67 layer types. */
const mostCandidates = 100;

/**
 * The candidate nearest to `word`, if it is near enough for a typing mistake: ` Did you mean "lstm"?`, otherwise "".
 */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  if (word.length > longestWord) return "";
  const limit = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3;
  let best: string | null = null;
  let bestDistance = limit + 1;
  let compared = 0;
  for (const candidate of candidates) {
    if (++compared > mostCandidates) break;
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), limit);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === null ? "" : configWords().didYouMean(best);
}

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours (Damerau 1964). A
 * distance above `limit` is returned as some number above it, because only the diagonals within it are computed
 * (Ukkonen 1985).
 */
export function editDistance(a: string, b: string, limit = Math.max(a.length, b.length)): number {
  const tooFar = limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => Math.min(j, tooFar));
  for (let i = 1; i <= a.length; i++) {
    const row = new Array<number>(b.length + 1).fill(tooFar);
    if (i <= limit) row[0] = i;
    let least = row[0]!;
    for (let j = Math.max(1, i - limit); j <= Math.min(b.length, i + limit); j++) {
      const substitute = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let d = Math.min(previous[j]! + 1, row[j - 1]! + 1, substitute, tooFar);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1);
      row[j] = d;
      least = Math.min(least, d);
    }
    // A swap refers to the row before the previous one.
    if (least >= tooFar && Math.min(...previous) >= tooFar) return tooFar;
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/** `a, b or c`; only the first of many names. @param all whether docs/config.md lists all of them */
export function some(names: readonly string[], word: "and" | "or", all = true): string {
  return listWords().some({ names, word, all });
}
