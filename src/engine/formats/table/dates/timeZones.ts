/** Time zones behind a time of day. */

/** Hours from UTC of zones by name: those of RFC 2822 (section 4.3), and those of Europe, Japan and Korea. */
const named: Readonly<Record<string, number>> = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  wet: 0,
  west: 1,
  bst: 1,
  cet: 1,
  cest: 2,
  mez: 1,
  mesz: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  jst: 9,
  kst: 9,
};

/** No zone is farther from UTC, in minutes. */
const mostMinutes = 14 * 60;
const offsetPattern = /^([+-])(\d{2}):?(\d{2})?$/;

/** The time of day without its zone, and the zone's offset in minutes; null: it has no zone that is known. */
export function zoneOf(text: string): { readonly clock: string; readonly offset: number | null } {
  // JavaScript adds the zone's name in parentheses: 00:00:00 GMT+0100 (Central European Standard Time).
  const bracket = text.endsWith(")") ? text.lastIndexOf("(") : -1;
  const bare = bracket < 0 ? text : text.slice(0, bracket).trimEnd();
  const sign = Math.max(bare.lastIndexOf("+"), bare.lastIndexOf("-"));
  const found = sign < 0 ? null : offsetPattern.exec(bare.slice(sign));
  if (found) {
    const minutes = 60 * Number(found[2]) + Number(found[3] ?? 0);
    const clock = bare.slice(0, sign).trimEnd();
    // "00:00-24:00" is a range.
    if (minutes > mostMinutes) return { clock: bare, offset: null };
    return { clock: withoutName(clock)?.clock ?? clock, offset: found[1] === "-" ? -minutes : minutes };
  }
  return withoutName(bare) ?? { clock: bare, offset: null };
}

function withoutName(text: string): { readonly clock: string; readonly offset: number } | null {
  let at = text.length;
  while (at > 0 && /[a-z]/i.test(text.charAt(at - 1))) at--;
  const hours = named[text.slice(at).toLowerCase()];
  return hours === undefined ? null : { clock: text.slice(0, at).trimEnd(), offset: 60 * hours };
}
