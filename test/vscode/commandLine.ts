const REPEATABLE = [
  "extensionDevelopmentPath",
  "disable-extension",
  "enable-proposed-api",
  "folder-uri",
  "file-uri",
  "log",
] as const;
const WITH_VALUE = new Set<string>([
  ...REPEATABLE,
  "extensionTestsPath",
  "user-data-dir",
  "extensions-dir",
  "crash-reporter-directory",
  "shared-data-dir",
  "logsPath",
  "locale",
  "telemetry-level",
  "password-store",
]);

export interface CommandLine {
  /** Folders, workspaces and files to open. */
  readonly paths: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  values(name: (typeof REPEATABLE)[number]): readonly string[];
}

/** The part of VS Code's command line that test-electron and its users pass. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const paths: string[] = [];
  const given = new Map<string, string[]>();
  for (let i = 0; i < argv.length; i++) {
    const [whole, name, inline] = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(argv[i] ?? "") ?? [];
    if (whole === undefined || name === undefined) {
      paths.push(argv[i] ?? "");
      continue;
    }
    const next = argv[i + 1];
    const takesNext = inline === undefined && WITH_VALUE.has(name) && next !== undefined && !next.startsWith("-");
    if (takesNext) i++;
    given.set(name, [...(given.get(name) ?? []), inline ?? (takesNext ? next : "")]);
  }
  return {
    paths,
    flag: (name) => given.has(name),
    value: (name) => given.get(name)?.at(-1),
    values: (name) => given.get(name) ?? [],
  };
}
