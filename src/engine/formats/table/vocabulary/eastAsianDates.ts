/** Dates of years, months and days with their signs in Chinese, Japanese and Korean, rewritten in digits. */

import { ofWeek } from "../isoWeek.ts";

const signs = /[年月日号號周週星期季年월일시분時时点點上下午前後後民國]/u;
const digits: Readonly<Record<string, number>> = { 一: 1, 二: 2, 三: 3, 四: 4 };

export function hasSigns(text: string): boolean {
  return signs.test(text);
}

/** Whether a cell is the number of a month, a day or an hour with its sign. */
export function isSignedNumber(cell: string): boolean {
  return /^\d{1,2}[月日号時时分월일시분]$/u.test(cell);
}

export function ofSigns(given: string): string {
  const quarter = /^(\d{4})[年년]? ?第?([1-4一二三四]) ?(?:季度?|四半期|분기)$/u.exec(given);
  if (quarter) return `${quarter[1]}Q${digits[quarter[2]!] ?? quarter[2]}`;
  const week = /^(\d{4})年? ?第(\d{1,2})[周週]$/u.exec(given);
  if (week) return ofWeek(Number(week[1]), Number(week[2]), 1);
  let half = "";
  const text = given
    .replace(/^民[國国](\d{2,3})(?=年)/u, (_, year: string) => String(Number(year) + 1911))
    .replace(
      /\(?(?:星期|礼拜|[周週])[一二三四五六日天]\)?|\([日月火水木金土월화수목금토일]\)|[日月火水木金土]曜日?|[월화수목금토일]요일/gu,
      " ",
    )
    .replace(/上午|午前|오전|凌晨|早上|下午|午後|오후|晚上|中午/u, (word) => {
      half = /上午|午前|오전|凌晨|早上/u.test(word) ? " am" : " pm";
      return " ";
    })
    .replace(/(\d) ?[年년] ?(?=\d)/u, "$1-")
    .replace(/(\d) ?[年년]/u, "$1-1")
    .replace(/(\d) ?[月월] ?(?=\d)/u, "$1-")
    .replace(/(\d) ?(?:[月월]份?|[日号號일]) ?/gu, "$1 ")
    .replace(/(\d) ?[時时点點시]整?(?! ?\d)/u, "$1:00")
    .replace(/(\d) ?[時时点點시] ?/u, "$1:")
    .replace(/(\d) ?[分분] ?(?=\d)/u, "$1:")
    .replace(/(\d) ?[分秒분초]/u, "$1");
  return `${text.split(/ +/).filter(Boolean).join(" ")}${half}`;
}
