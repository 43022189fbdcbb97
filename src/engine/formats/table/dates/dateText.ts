/**
 * Rewrites dates as people and programs write them in many languages into one of the forms that `dateForms.ts` reads.
 * A date in such a form already never comes here, so it costs nothing.
 */

import { ofWeek } from "../isoWeek.ts";
import { hasSigns, ofSigns } from "../vocabulary/eastAsianDates.ts";
import { englishMonth, isWeekday, monthOf } from "./monthNames.ts";

/** Words between the parts of a date. */
const between = new Set("de del of the le la les der den el o um at a à às klo kl uhr г года р h".split(" "));

/** @returns the text in another form; the same text if nothing is known about it. */
export function plainDate(cell: string): string {
  // Most cells that are asked about are numbers.
  if (/^[+-]?\d*\.\d*$/.test(cell)) return cell;
  let text = cell.trim();
  // Brackets of web servers' logs, and the apostrophe with which spreadsheets keep a text.
  if (text.startsWith("'") || (text.startsWith("[") && text.endsWith("]")))
    text = text.replace(/^['[]/, "").replace(/\]$/, "");
  if (hasSigns(text)) text = ofSigns(text.normalize("NFKC"));
  else if (/[^\d\s./:+-]/.test(text)) text = ofWords(text);
  return ofDigits(text);
}

/** Dates with names of months or days of the week, with ordinals, or with words in between. */
function ofWords(given: string): string {
  let text = given;
  const first = /^(\p{L}{1,14}(?:-feira)?)\.?,? +/u.exec(text);
  if (first && isWeekday(first[1]!)) {
    const rest = text.slice(first[0].length);
    // "mar" is a French Tuesday and a Spanish March.
    if (monthOf(first[1]!) === 0 || /^\d{1,2}[-/. ]/.test(rest))
      text = monthOf(first[1]!) === 0 || laterMonth(rest) ? rest : text;
  }
  text = text.replaceAll(/(\d)(?:st|nd|rd|th|er|º|ª)(?=[ ,.])/gi, "$1");
  // "01:00 p. m.", "4 PM".
  text = text.replace(/(\d) ?([ap])\. ?m\.?$/i, "$1 $2m").replace(/([ T])(\d{1,2}) ?([ap])m$/i, "$1$2:00 $3m");
  const period = /^(\d{4})[-/ ]?[hs]([12])$/i.exec(text) ?? /^[hs]([12])[-/ ](\d{4})$/i.exec(text);
  if (period) {
    const [year, half] = period[1]!.length === 4 ? [period[1], period[2]] : [period[2], period[1]];
    return `${year}-${half === "1" ? "1" : "7"}`;
  }
  const fiscal = /^[fc]y[ -]?(\d{4})$/i.exec(text);
  if (fiscal) return `${fiscal[1]}-1`;
  const quarter = ofQuarter(text);
  if (quarter !== null) return quarter;
  const week = /^(\d{4})[-/ ]?(?:w|kw|week|wk)[- ]?(\d{1,2})(?:-?([1-7]))?$/i.exec(text);
  if (week) return ofWeek(Number(week[1]), Number(week[2]), Number(week[3] ?? 1));
  const weekFirst = /^(?:w|kw|week|wk)[- .]?(\d{1,2})[-/, ]+(\d{4})$/i.exec(text);
  if (weekFirst) return ofWeek(Number(weekFirst[2]), Number(weekFirst[1]), 1);
  return ofMonthNames(text);
}

function laterMonth(rest: string): boolean {
  const words = rest.match(/\p{L}{3,14}/gu) ?? [];
  return words.some((word) => monthOf(word) > 0) || /^\d{1,2}[-/.]\d/.test(rest);
}

/** `Q1/2020`, `1Q20`, `T1 2020` (Romance languages), `1. Quartal 2020`. */
function ofQuarter(text: string): string | null {
  const last =
    /^(?:[qt]([1-4])|([1-4])[qt]|([1-4])\.? ?(?:quartal|quarter|trimestre|kvartal))[-/ ']*(\d{4}|\d{2})$/i.exec(text);
  if (last) {
    const year = last[4]!;
    return `${year.length === 4 ? year : Number(year) + (Number(year) < 69 ? 2000 : 1900)}Q${last[1] ?? last[2] ?? last[3]}`;
  }
  const first = /^(\d{4})[-/ ]+[qt]([1-4])$/i.exec(text);
  return first ? `${first[1]}Q${first[2]}` : null;
}

/** Names of months become English, in the order day, month, year. */
function ofMonthNames(text: string): string {
  let month = 0;
  let at = 0;
  const kept: string[] = [];
  for (const token of text.match(/\p{L}+\.?|[^\p{L}]+/gu) ?? []) {
    const letters = /^\p{L}/u.test(token);
    const number = letters && month === 0 ? monthOf(token) : 0;
    if (number > 0) {
      month = number;
      at = kept.length;
      kept.push(` ${englishMonth(number)} `);
    } else if (!letters || !between.has(token.toLowerCase().replace(/\.$/, ""))) kept.push(token);
  }
  if (month === 0) return kept.join("").trim().replaceAll(/ {2,}/g, " ");
  const before = kept.slice(0, at).join("").trim();
  const after = kept
    .slice(at + 1)
    .join("")
    .replaceAll(/ {2,}/g, " ")
    .replace(/^[-/., ]+/, "");
  const name = englishMonth(month);
  const day = /^(\d{1,2})[-/. ]*$/.exec(before);
  const year = /^(\d{4})[-/. ]*$/.exec(before);
  if (day) {
    const rest = /^(\d{4}|\d{2}(?![\d:.]))(.*)$/.exec(after);
    return rest ? joined(`${day[1]} ${name} ${rest[1]}`, rest[2]!) : text;
  }
  if (year) {
    const rest = /^(\d{1,2})?(.*)$/.exec(after);
    return rest?.[1] === undefined ? `${year[1]} ${name}` : joined(`${rest[1]} ${name} ${year[1]}`, rest[2]!);
  }
  if (before !== "") return text;
  // ctime and date(1): "Nov 20 13:05:00 CET 2019".
  const clockFirst = /^(\d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?)(?: ([A-Z]{1,5}))? (\d{4})$/.exec(after);
  if (clockFirst)
    return `${clockFirst[1]} ${name} ${clockFirst[4]} ${clockFirst[2]}${clockFirst[3] === undefined ? "" : ` ${clockFirst[3]}`}`;
  const dayYear = /^(\d{1,2}),? +(\d{4})(.*)$/.exec(after);
  if (dayYear) return joined(`${dayYear[1]} ${name} ${dayYear[2]}`, dayYear[3]!);
  const alone = /^'?(\d{4}|\d{2})$/.exec(after);
  return alone ? `${name} ${alone[1]}` : text;
}

function joined(date: string, rest: string): string {
  const clock = rest.replace(/^[-:.,_ ]+/, "").replace(/[,. ]{1,4}$/, "");
  return clock === "" ? date : `${date} ${clock}`;
}

/** Dates of digits alone, and of digits with unusual marks. */
function ofDigits(text: string): string {
  const packed = /^((?:19|20)\d{6})[T _-]?(\d{2})(\d{2})?(\d{2})?((?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?)$/i.exec(
    text,
  );
  if (packed) return `${packed[1]} ${packed[2]}:${packed[3] ?? "00"}:${packed[4] ?? "00"}${packed[5]}`;
  // DDMMYYYY or MMDDYYYY; a year first is read before.
  const turned = /^(\d{2})(\d{2})((?:19|20)\d{2})$/.exec(text);
  if (turned) return `${turned[1]}/${turned[2]}/${turned[3]}`;
  const dayOfYear = /^((?:19|20)\d{2})(-?)(\d{3})$/.exec(text);
  if (dayOfYear && Number(dayOfYear[3]) >= 1 && Number(dayOfYear[3]) <= 366) {
    const iso = new Date(Date.UTC(Number(dayOfYear[1]), 0, Number(dayOfYear[3]))).toISOString().slice(0, 10);
    // Seven digits alone are a date only if the column's name says so.
    return dayOfYear[2] === "" ? iso.replaceAll("-", "") : iso;
  }
  const dashed = /^(\d{4})[-_./](\d{1,2})[-_./](\d{1,2})[-_ T](\d{1,2})[-_:.](\d{2})(?:[-_:.](\d{2}))?$/.exec(text);
  if (dashed) {
    const [, year, month, day, hour, minute, second = "00"] = dashed;
    return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  }
  // A clock with a dot, behind a date.
  const dotted = /^(.{6,30}[ ,]) ?(\d{1,2})\.(\d{2})$/.exec(text);
  if (dotted) return `${dotted[1]}${dotted[2]}:${dotted[3]}`;
  const spaced = /^(\d{4})(?:_|[./] )(\d{1,2})(?:_|[./] )(\d{1,2})\.?(?: (.*))?$/.exec(text);
  if (spaced) return `${spaced[1]}-${spaced[2]}-${spaced[3]}${spaced[4] === undefined ? "" : ` ${spaced[4]}`}`;
  // The years of the Republic of China, as in the files of Taiwan's exchange.
  const republic = /^(1\d{2})([-/.])(\d{1,2})\2(\d{1,2})(.*)$/.exec(text);
  if (republic) return `${Number(republic[1]) + 1911}-${republic[3]}-${republic[4]}${republic[5]}`;
  const span = /^(\d{4}-\d{2}-\d{2})\/\d{4}-\d{2}-\d{2}$/.exec(text);
  if (span) return span[1]!;
  const season = /^(\d{4})[-/](\d{2}|\d{4})$/.exec(text);
  if (season && (Number(season[1]) + 1) % 100 === Number(season[2]) % 100) return `${season[1]}-1`;
  const colon = /^((?:19|20)\d{2}):(\d{1,2})$/.exec(text);
  // "2020:3" is the third quarter, "2020:03" is March.
  if (colon)
    return colon[2]!.length === 1 && Number(colon[2]) <= 4 ? `${colon[1]}Q${colon[2]}` : `${colon[1]}-${colon[2]}`;
  const monthYear = /^(\d{1,2})[-/]((?:1[5-9]|2[01])\d{2})$/.exec(text);
  return monthYear ? `${monthYear[2]}-${monthYear[1]}` : text;
}
