/** Checks a checkout before its release. */
export interface ReleaseState {
  /** Version in package.json. */
  readonly version: string;
  readonly changelog: string;
  /** Files that differ from the last commit, in the format of `git status --porcelain`. */
  readonly changes: string;
  readonly tags: readonly string[];
  /** The registries' tokens by environment variable. */
  readonly tokens: Readonly<Record<string, string | undefined>>;
}

/** Why this checkout must not be published, each reason with its remedy; empty if it may. */
export function releaseProblems({ version, changelog, changes, tags, tokens }: ReleaseState): readonly string[] {
  const headings = changelog.split("\n").filter((line) => line.startsWith("## "));
  const problems: string[] = [];
  if (!headings.some((line) => line.slice(3).trim().split(/\s/)[0] === version))
    problems.push(`CHANGELOG.md has no section "## ${version}"; write what changes for users`);
  if (changes !== "") problems.push("files differ from the last commit; commit them or put them away");
  if (tags.includes(`v${version}`)) problems.push(`the tag v${version} exists; raise the version in package.json`);
  for (const [name, value] of Object.entries(tokens))
    if (!value) problems.push(`${name} is not set to a token of its registry`);
  return problems;
}
