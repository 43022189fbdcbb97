/** What the names of columns say about time, in the languages of people's tables. */

/** Names whose whole numbers may be dates. */
const timeName =
  /^(?:date|time|datetime|timestamp|year|month|day|unix|epoch|period|ds|ts)|(?:date|time|timestamp|year|datum)$|日期|时间|時間|时刻|時刻|年份|月份|年月|日付|日時|날짜|시간|일시|일자|연도|^(?:datum|zeit|zeitpunkt|zeitstempel|tag|monat|jahr|woche|quartal|week|quarter|fecha|hora|fechahora|mes|año|ano|data|mois|jour|heure|année|annee|horodatage|дата|время|год|tarih|päivä|aika|dato|tid|tidpunkt|czas|年)(?:$|[ _/(-])/i;

/** Words that name a date, alone or in a name of several words. */
const dateWord =
  /^(?:date|dates|datetime|timestamp|timestamps|datum|zeitstempel|fecha|fechahora|horodatage|дата|tarih|päivämäärä|dato|tidpunkt|tidsstämpel)$/i;
const dateSign = /日期|日付|日時|年月日|날짜|일시|일자/;
/** Words that may name a time, or a duration. */
const timeWord =
  /^(?:time|times|zeit|zeitpunkt|uhrzeit|hora|heure|время|saat|aika|tid|czas|data|giorno|jour|mois|fecha)$/i;
const timeSign = /时间|時間|时刻|時刻|시간|시각/;

/** Whether whole numbers in a column of this name may be dates. */
export function mayBeTime(name: string): boolean {
  return timeName.test(name.trim());
}

/** What a column must hold by its name: a date, a date or a time; null: it does not say. */
export function saidTime(name: string): "date" | "time" | null {
  const words = name.trim().split(/[ _/.:()[\]-]+/, 8);
  if (dateSign.test(name) || words.some((word) => dateWord.test(word))) return "date";
  return timeSign.test(name) || words.some((word) => timeWord.test(word)) ? "time" : null;
}

/** Parts of a date in separate columns, the largest first. */
export const units: readonly (readonly [unit: string, names: RegExp, most: number])[] = [
  ["month", /^(?:month|mon|mo|mm|month_?name|monat|mes|mois|mese|mês|月|月份|месяц)$/i, 12],
  ["day", /^(?:day|dy|dd|dayofmonth|tag|día|dia|jour|giorno|日|день)$/i, 31],
  ["hour", /^(?:hour|hr|hh|hours|stunde|hora|heure|ora|时|時|小时|час)$/i, 24],
  ["minute", /^(?:minute|min|mi|minutes|minuto|minuten|分|分钟)$/i, 59],
];

export const quarterName = /^(?:quarter|qtr|q|quartal|trimestre|季度)$/i;
