/** Weeks of ISO 8601. */

const dayMs = 86_400_000;

/** The day of a week of ISO 8601, whose first week has the year's first Thursday. */
export function ofWeek(year: number, week: number, weekday: number): string {
  if (week < 1 || week > 53) return "";
  const fourth = Date.UTC(year, 0, 4);
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * dayMs;
  return new Date(monday + (7 * (week - 1) + weekday - 1) * dayMs).toISOString().slice(0, 10);
}
