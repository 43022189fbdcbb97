import fs from "node:fs";
import path from "node:path";
import { parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { releaseProblems } from "../../../tools/releaseProblems.ts";
import { root } from "../../../tools/root.ts";

const read = (file: string): string => fs.readFileSync(path.join(root, file), "utf8");
const exists = (file: string): boolean => fs.existsSync(path.join(root, file));
const scripts: Record<string, string> = JSON.parse(read("package.json")).scripts;

describe.each(["CONTRIBUTING.md", "test/README.md"])("%s", (page) => {
  const text = read(page);

  it("names existing files and folders", () => {
    const tops = "src|webview|test|tools|scripts|docs|examples|media";
    const named = [...text.matchAll(new RegExp(`(?<![\\w/.])(?:${tops})/[\\w./-]*\\w`, "g"))].map(([name]) => name);
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !exists(name))).toEqual([]);
  });

  it("names scripts that package.json has", () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe("the map of the architecture", () => {
  /** The names of source files that no file has: all or the end of a path. */
  const unknown = (text: string): string[] => {
    const named = [...text.matchAll(/`((?:[\w-]+\/)*[\w-]+\.ts)`/g)].map(([, name = ""]) => name);
    return named.filter((name) => !sources.some((file) => `/${file}`.endsWith(`/${name}`)));
  };
  const sources = ["src", "webview", "test", "tools"].flatMap((top) =>
    fs
      .readdirSync(path.join(root, top), { recursive: true, encoding: "utf8" })
      .map((file) => path.posix.join(top, file.split(path.sep).join("/"))),
  );

  it("names existing files", () => {
    const text = read("docs/architecture.md");
    expect(text.match(/\w\.ts`/g)?.length).toBeGreaterThan(30);
    expect(unknown(text)).toEqual([]);
  });

  it("would not name others", () => {
    expect(unknown("`instrument/tap.ts`, `strument/tap.ts`, `tap.ts`, `tip.ts`")).toEqual([
      "strument/tap.ts",
      "tip.ts",
    ]);
  });

  it("has a row for every folder of the program", () => {
    const text = read("docs/architecture.md");
    const folders = fs.readdirSync(path.join(root, "src"), { withFileTypes: true }).filter((e) => e.isDirectory());
    expect(folders.length).toBeGreaterThan(7);
    expect(folders.map(({ name }) => name).filter((name) => !text.includes(`| \`src/${name}\` |`))).toEqual([]);
  });
});

describe("VS Code's tasks and launch configurations", () => {
  const launch = parse(read(".vscode/launch.json"));
  const { tasks } = parse(read(".vscode/tasks.json"));
  const names: string[] = launch.configurations.map(({ name }: { name: string }) => name);

  it("uses existing tasks and configurations", () => {
    for (const { configurations } of launch.compounds) for (const name of configurations) expect(names).toContain(name);
    const before = launch.configurations.flatMap(
      ({ preLaunchTask }: { preLaunchTask?: string }) => preLaunchTask ?? [],
    );
    const labels = tasks.map(({ label }: { label: string }) => label);
    for (const task of before) expect(labels).toContain(task);
    for (const { script } of tasks) expect(scripts).toHaveProperty(script);
  });

  it("attaches to the ports that the engines open", () => {
    const ports = launch.configurations.flatMap(({ port }: { port?: number }) => port ?? []);
    const [first] = launch.configurations;
    const begin = Number(first.env.GRADLENS_INSPECT);
    expect(ports).toEqual([begin, begin + 1, begin + 2]);
  });

  it("waits for the lines that the build prints", () => {
    const { background } = tasks[0].problemMatcher;
    for (const line of ["[watch] building", "[watch] built"]) {
      expect(read("esbuild.mjs")).toContain(`"${line}"`);
      const patterns = [background.beginsPattern, background.endsPattern];
      expect(patterns.filter((pattern: string) => new RegExp(pattern).test(line))).toHaveLength(1);
    }
  });
});

describe("the workflows", () => {
  const folder = ".github/workflows";
  const files = fs.readdirSync(path.join(root, folder)).map((file) => path.join(folder, file));

  it.each(files)("%s runs pinned actions, with read permission only", (file) => {
    const text = read(file);
    const uses = [...text.matchAll(/uses: (\S+)(.*)/g)];
    expect(uses.length).toBeGreaterThan(0);
    for (const [line, action] of uses) {
      expect(action, line).toMatch(/@[0-9a-f]{40}$/);
      expect(line).toMatch(/ # v\d+\.\d+\.\d+$/);
    }
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    expect(text.match(/permissions:/g)).toHaveLength(1);
    expect(text).not.toMatch(/pull_request_target|secrets\./);
  });

  it("run scripts that package.json has", () => {
    const named = files.flatMap((file) => [...read(file).matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe("the forms of issues", () => {
  const folder = ".github/ISSUE_TEMPLATE";
  const files = fs.readdirSync(path.join(root, folder)).map((file) => path.join(folder, file));
  /** A value without quotes that YAML takes for a key, a comment or a directive. */
  const unsound = /^\s*(?:- )?\w+: (?!["'>|[])(?:.*(?:: | #)|[&*!%@`{])/m;

  it.each(files)("%s has no text that YAML takes for something else", (file) => {
    expect(unsound.exec(read(file))?.[0]).toBeUndefined();
    expect(read(file)).not.toContain("\t");
  });

  it.each(["label: a: b", "  description: it said (a: b)", "- name: a #b", "name: @a"])("unsound: %s", (line) => {
    expect(line).toMatch(unsound);
  });
});

describe("a release", () => {
  const ready = {
    version: "1.2.3",
    changelog: "# Changelog\n\n## 1.2.3 (2030-01-02)\n",
    changes: "",
    tags: ["v1.2.2"],
    tokens: { VSCE_PAT: "a" },
  };

  it("is allowed if nothing is missing", () => {
    expect(releaseProblems(ready)).toEqual([]);
  });

  it.each([
    [{ changelog: "## Unreleased\n\n## 1.2.30\n" }, /no section "## 1\.2\.3"/],
    [{ changes: " M src/a.ts" }, /differ from the last commit/],
    [{ tags: ["v1.2.3"] }, /v1\.2\.3 exists/],
    [{ tokens: { VSCE_PAT: "a", OVSX_PAT: undefined } }, /OVSX_PAT is not set/],
  ])("is not allowed with %j", (change, reason) => {
    expect(releaseProblems({ ...ready, ...change })).toEqual([expect.stringMatching(reason)]);
  });
});
