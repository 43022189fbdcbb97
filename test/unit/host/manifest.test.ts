import fs from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import * as contributed from "../../../src/contributions.ts";

const setting = z.looseObject({
  default: z.unknown(),
  scope: z.string(),
  markdownDescription: z.string(),
  enum: z.array(z.string()).optional(),
  markdownEnumDescriptions: z.array(z.string()).optional(),
});
const menuItem = z.looseObject({ command: z.string(), when: z.string().optional() });
const manifestSchema = z.looseObject({
  icon: z.string(),
  activationEvents: z.array(z.string()),
  capabilities: z.looseObject({
    untrustedWorkspaces: z.looseObject({
      supported: z.literal("limited"),
      restrictedConfigurations: z.array(z.string()),
    }),
    virtualWorkspaces: z.looseObject({ description: z.string() }),
  }),
  contributes: z.looseObject({
    commands: z.array(z.looseObject({ command: z.string(), title: z.string(), category: z.string() })),
    menus: z.record(z.string(), z.array(menuItem)),
    views: z.record(z.string(), z.array(z.looseObject({ id: z.string(), icon: z.string() }))),
    viewsContainers: z.looseObject({ activitybar: z.array(z.looseObject({ id: z.string(), icon: z.string() })) }),
    walkthroughs: z.array(
      z.looseObject({
        steps: z.array(z.looseObject({ description: z.string(), media: z.looseObject({ svg: z.string() }) })),
      }),
    ),
    configuration: z.looseObject({ properties: z.record(z.string(), setting) }),
    jsonValidation: z.array(z.looseObject({ fileMatch: z.array(z.string()), url: z.string() })),
    languages: z.array(z.looseObject({ filenames: z.array(z.string()), filenamePatterns: z.array(z.string()) })),
  }),
});

const text = fs.readFileSync("package.json", "utf8");
const manifest = manifestSchema.parse(JSON.parse(text));
const strings = z.record(z.string(), z.string()).parse(JSON.parse(fs.readFileSync("package.nls.json", "utf8")));
const chinese = z.record(z.string(), z.string()).parse(JSON.parse(fs.readFileSync("package.nls.zh-cn.json", "utf8")));
const { contributes } = manifest;
const properties = contributes.configuration.properties;

describe("package.json", () => {
  it("contributes exactly the commands of contributions.ts, all of one category", () => {
    expect(contributes.commands.map((c) => c.command).sort()).toEqual(Object.values(contributed.commands).sort());
    expect(new Set(contributes.commands.map((c) => c.category))).toEqual(new Set(["Gradient Lens"]));
  });

  it("shows the way to a verified fix in five steps, in words without marks of Markdown", () => {
    const [{ steps = [] } = {}] = contributes.walkthroughs;
    expect(steps).toHaveLength(5);
    const commandsIn = (key: string) => [...(strings[key.slice(1, -1)] ?? "").matchAll(/command:([\w.]+)/g)];
    const offered = steps.flatMap(({ description }) => commandsIn(description).map(([, command]) => command));
    expect(offered).toContain(contributed.commands.verify);
    // VS Code shows them as they are.
    for (const language of [strings, chinese])
      expect(
        Object.entries(language).filter(([key, text]) => key.startsWith("walkthrough.") && text.includes("`")),
      ).toEqual([]);
  });

  it("leaves the one primary button of the empty view to the panel: the runs view has a link within its text", () => {
    for (const language of [strings, chinese]) {
      const lines = language["welcome.runs"]?.split("\n") ?? [];
      // VS Code draws a link that is a line of its own as a button.
      expect(lines.filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line))).toEqual([]);
      expect(lines.join()).toContain(`](command:${contributed.commands.openExample})`);
    }
  });

  it("contributes exactly the settings of contributions.ts, each with default, scope and description", () => {
    const names = Object.values(contributed.settings).map((name) => `${contributed.settingsSection}.${name}`);
    expect(Object.keys(properties).sort()).toEqual(names.sort());
    for (const property of Object.values(properties)) {
      expect(property.default).toBeDefined();
      expect(["window", "machine-overridable"]).toContain(property.scope);
      expect(property.markdownEnumDescriptions?.length).toBe(property.enum?.length);
    }
  });

  it("contributes exactly the views of contributions.ts, each with its icon", () => {
    const container = contributes.viewsContainers.activitybar;
    expect(container.map((c) => c.id)).toEqual([contributed.views.container]);
    const views = contributes.views[contributed.views.container] ?? [];
    expect(views.map((v) => v.id)).toEqual([contributed.views.panel, contributed.views.runs]);
  });

  it("names only files that exist", () => {
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map((c) => c.icon),
      ...Object.values(contributes.views).flatMap((views) => views.map((v) => v.icon)),
      ...contributes.walkthroughs.flatMap((w) =>
        w.steps.flatMap(({ media: { svg } }) => {
          const key = /^%(.*)%$/.exec(svg)?.[1];
          return key === undefined ? [svg] : [strings[key] ?? "", chinese[key] ?? ""];
        }),
      ),
    ];
    expect(files.filter((file) => !fs.existsSync(file))).toEqual([]);
  });

  it("has every string in Chinese, with the same links to commands", () => {
    expect(Object.keys(chinese)).toEqual(Object.keys(strings));
    const links = (text: string | undefined) => text?.match(/command:[\w.]+/g) ?? [];
    for (const [key, text] of Object.entries(strings)) expect(links(chinese[key]), key).toEqual(links(text));
    expect(Object.entries(chinese).filter(([, text]) => !/\p{Script=Han}|^media\/.*\.zh-cn\.svg$/u.test(text))).toEqual(
      [],
    );
  });

  it("names commands as the palette of that language does", () => {
    const named = [strings, chinese].map((language) =>
      Object.values(language).flatMap((said) =>
        [...said.matchAll(/\*Gradient Lens: ([^*]+)\*/g)].map(([, name = ""]) => ({ name, language })),
      ),
    );
    expect(named.map(({ length }) => length)).toEqual([1, 1]);
    const titles = (language: Record<string, string>) =>
      Object.entries(language).flatMap(([key, title]) => (key.startsWith("command.") ? [title] : []));
    for (const { name, language } of named.flat())
      expect(
        titles(language).filter((title) => title.startsWith(name)),
        name,
      ).toHaveLength(1);
  });

  it("has every string of package.nls.json, and no other", () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map((m) => m[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(strings).sort());
  });

  it("links only to existing commands", () => {
    const known = [...Object.values(contributed.commands), "workbench.trust.manage"];
    const linked = Object.values(strings).flatMap((s) => [...s.matchAll(/\(command:([\w.]+)/g)].map((m) => m[1] ?? ""));
    expect(linked.filter((command) => !known.some((k) => k === command))).toEqual([]);
  });

  it("hides commands that make no sense in the palette, and uses only known ids in menus", () => {
    const known = new Set<string>(Object.values(contributed.commands));
    for (const [menu, items] of Object.entries(contributes.menus))
      for (const { command } of items) expect(known, menu).toContain(command);
    const needArguments = contributes.menus["commandPalette"]
      ?.filter((item) => item.when === "false")
      .map((item) => item.command);
    const { selectRun, deleteRun, renameRun, noteRun, pinRun, unpinRun, revealRun, resumeRun, clearRunFilter } =
      contributed.commands;
    const ofRuns = [selectRun, deleteRun, renameRun, noteRun, pinRun, unpinRun, revealRun, resumeRun, clearRunFilter];
    const { deepProbeCheckpoint, explain, applyFix, previewFix, reveal, showVerified, applyVerified, insertSnippet } =
      contributed.commands;
    expect(needArguments?.sort()).toEqual(
      [
        ...ofRuns,
        deepProbeCheckpoint,
        explain,
        applyFix,
        previewFix,
        reveal,
        showVerified,
        applyVerified,
        insertSnippet,
      ].sort(),
    );
  });

  it("offers to stop only what goes on", () => {
    const shown = new Map(contributes.menus["commandPalette"]?.map(({ command, when }) => [command, when]));
    const { stop, stopVerifying } = contributed.commands;
    expect(shown.get(stop)).toBe(contributed.contextKeys.running);
    expect(shown.get(stopVerifying)).toBe(contributed.contextKeys.verifying);
  });

  it("is activated by its own kind of file only, never at start-up", () => {
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${contributed.panelTabType}`);
    // VS Code's JSON support asks for the schema of our files, and of no others.
    expect(manifest.activationEvents).toContain(`onFileSystem:${contributed.virtualScheme}`);
    expect(contributes.jsonValidation[0]?.url).toBe(`${contributed.virtualScheme}://schema/gradlens.schema.json`);
    const others = (event: string): boolean => event === "*" || /^on(?:StartupFinished|Language)/.test(event);
    expect(manifest.activationEvents.filter(others)).toEqual([]);
  });

  it("ignores settings of an untrusted workspace that affect runs, or which of the kept ones go", () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    const running = Object.keys(properties).filter((name) => /\.(engine|probe|verify|runs)\./.test(name));
    expect([...restricted].sort()).toEqual(running.sort());
  });

  it("refers to the same files everywhere", () => {
    const patterns = ["gradlens.json", "*.gradlens.json"];
    expect(contributes.jsonValidation[0]?.fileMatch).toEqual(patterns);
    expect([
      ...(contributes.languages[0]?.filenames ?? []),
      ...(contributes.languages[0]?.filenamePatterns ?? []),
    ]).toEqual(patterns);
    const yes = ["/a/gradlens.json", "C:\\a\\gradlens.json", "gradlens.json", "/a/my.gradlens.json"];
    const no = ["/a/mygradlens.json", "/a/gradlens.json5", "/gradlens.json/x", "/a/gradlens_json"];
    expect(yes.map(contributed.isConfigPath)).toEqual(yes.map(() => true));
    expect(no.map(contributed.isConfigPath)).toEqual(no.map(() => false));
  });
});
