/** Names of months and days of the week in the languages of people's tables, from the runtime's locale data (CLDR). */

/** English names, which most files have: no locale data are needed for them. */
const english = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const englishLong = "january february march april may june july august september october november december".split(" ");

/** The first language that has a name decides what it means: `listopad` is the Polish November. */
const languages = [
  "de",
  "de-AT",
  "fr",
  "es",
  "it",
  "pt",
  "nl",
  "sv",
  "da",
  "nb",
  "fi",
  "pl",
  "cs",
  "ru",
  "uk",
  "tr",
  "hu",
  "ro",
  "id",
];

/** Forms that spreadsheets write and CLDR does not have. */
const others: readonly (readonly [name: string, month: number])[] = [
  ["sept", 9],
  ["mrz", 3],
  ["fev", 2],
  ["aou", 8],
  ["sett", 9],
  ["sie", 8],
];

let months: ReadonlyMap<string, number> | null = null;
let weekdays: ReadonlySet<string> | null = null;

/** In small letters, without accents and a dot at the end. */
function bare(name: string): string {
  const plain = name.toLowerCase().normalize("NFD").replaceAll(/\p{M}/gu, "");
  return plain.endsWith(".") ? plain.slice(0, -1) : plain;
}

function monthTable(): ReadonlyMap<string, number> {
  const table = new Map<string, number>(others);
  for (const names of [english, englishLong]) for (const [k, name] of names.entries()) table.set(name, k + 1);
  // Slavic languages have another case beside a day.
  for (const language of languages)
    for (const style of ["long", "short"] as const)
      for (const day of ["numeric", undefined] as const) {
        const format = new Intl.DateTimeFormat(language, { month: style, ...(day && { day }), timeZone: "UTC" });
        for (let k = 0; k < 12; k++) {
          const part = format.formatToParts(Date.UTC(2001, k, 9)).find(({ type }) => type === "month");
          const name = bare(part?.value ?? "");
          if (/^\p{L}{3,}$/u.test(name) && !table.has(name)) table.set(name, k + 1);
        }
      }
  return table;
}

/** The number of a month; 0: it is not the name of a month. */
export function monthOf(name: string): number {
  const plain = bare(name);
  const known = 1 + Math.max(english.indexOf(plain), englishLong.indexOf(plain));
  if (known > 0 || plain.length < 3 || plain.length > 15) return known;
  months ??= monthTable();
  return months.get(plain) ?? 0;
}

/** Its English name with three letters. */
export function englishMonth(month: number): string {
  return english[month - 1] ?? "";
}

export function isWeekday(name: string): boolean {
  weekdays ??= new Set(
    ["en", ...languages].flatMap((language) =>
      (["long", "short"] as const).flatMap((weekday) => {
        const format = new Intl.DateTimeFormat(language, { weekday, timeZone: "UTC" });
        return Array.from({ length: 7 }, (_, k) => bare(format.format(Date.UTC(2001, 0, 1 + k))));
      }),
    ),
  );
  return weekdays.has(bare(name));
}
