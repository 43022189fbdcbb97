/**
 * Where a calendar, not a sensor, makes times irregular. Local time skips an hour in spring and repeats one in autumn: on a
 * Sunday before 4 o'clock from March to April or September to November, nearly everywhere (IANA time zone database). Series
 * of whole days often leave out the 29th of February.
 */

const hour = 3_600_000;
const day = 24 * hour;

/** Months in which clocks are set, from 0. */
const months = new Set([2, 3, 8, 9, 10]);

/** Whether clocks may be set in this hour of local time. */
export function isClockChange(moment: number): boolean {
  const date = new Date(moment);
  return months.has(date.getUTCMonth()) && date.getUTCDay() === 0 && date.getUTCHours() < 4;
}

/** Whether the calendar explains that two moments, usually `usual` apart, are further apart. */
export function isCalendarGap(from: number, to: number, usual: number): boolean {
  if (usual <= hour) return to - from <= usual + hour && (isClockChange(from) || isClockChange(to));
  if (usual !== day || to - from !== 2 * day) return false;
  const missing = new Date(from + day);
  return missing.getUTCMonth() === 1 && missing.getUTCDate() === 29;
}
