/**
 * Takes a picture of every surface in a real workbench, in four themes and two languages, to be looked at before a release.
 *
 *   npm run surfaces -- [--language=en,zh-cn] [--theme=dark,light,hc,hc-light] [--only=editor,hover,…] [--out=out/surfaces]
 *
 * The surfaces, in the order in which they are taken: empty, editor, hover, key, settings, tests, runs, walkthrough
 * (one for each step), findings, deep, compare, training, verifying, verified.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import * as z from "zod";
import { deepChartWords } from "../src/messages/deepCharts.ts";
import { languageOf, speak } from "../src/messages/language.ts";
import { panelWords } from "../src/messages/panel.ts";
import { examples } from "../tools/examples/folders.ts";
import { root } from "../tools/root.ts";
import { lenses, panel, pick, runCommand, showInSideBar } from "../tools/vscode/exampleInVsCode.ts";
import { linkExtension } from "../tools/vscode/installExtension.ts";
import { openWorkbench } from "../tools/vscode/workbench.ts";

const { values: options } = parseArgs({
  options: {
    language: { type: "string", default: "en,zh-cn" },
    theme: { type: "string", default: "dark,light,hc,hc-light" },
    only: { type: "string" },
    out: { type: "string", default: "out/surfaces" },
  },
});
const out = path.resolve(root, options.out);
const themes: Readonly<Record<string, string>> = {
  dark: "Dark Modern",
  light: "Light Modern",
  hc: "Dark High Contrast",
  "hc-light": "Light High Contrast",
};
const patient = { timeout: 300_000 };
const wide = { width: 1500, height: 1000 };
/** The whole panel is in view. */
const tall = { width: 1500, height: 2000 };
const settings = {
  "editor.minimap.enabled": false,
  "workbench.editor.doubleClickTabToToggleEditorGroupSizes": "maximize",
  // Over a dialog the theme could not be changed.
  "workbench.editor.useModal": "off",
  // A machine may be busy.
  "gradlens.verify.budget": 90,
};

/**
 * A surface is brought forth by `open`; `show` brings forth what a change of the theme hides, and `hide` puts away what
 * would be in its way.
 */
interface Surface {
  readonly name: string;
  readonly open?: () => Promise<void>;
  readonly show?: () => Promise<void>;
  readonly hide?: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);
fs.mkdirSync(out, { recursive: true });
for (const language of options.language.split(",")) {
  speak(languageOf(language));
  await inWorkbench(language, undefined, (page) => emptyWindow(page, language));
  await inWorkbench(language, "vanishing-sigmoid", (page) => exampleWindow(page, language), measured);
}

async function inWorkbench(
  language: string,
  example: string | undefined,
  surfaces: (page: Page) => readonly Surface[],
  prepare?: (page: Page) => Promise<void>,
): Promise<void> {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-surfaces-"));
  const extensionsDir = path.join(top, "extensions");
  linkExtension(root, extensionsDir);
  const folder = path.join(top, example ?? "project");
  fs.mkdirSync(folder);
  const file = path.join(folder, "gradlens.json");
  if (example !== undefined) {
    fs.cpSync(path.join(examples, example), folder, { recursive: true });
    // A training that does not end before all its pictures are taken.
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(/"steps": \d+/, '"steps": 100000'));
  }
  // Without the driver of the tests, notifications are shown.
  const workbench = await openWorkbench(
    { folder, file: example === undefined ? undefined : file },
    { extensionsDir, testDriver: false, settings, viewport: wide, language },
  );
  const { page } = workbench;
  // A step that fails within minutes, and not after half an hour, leaves a picture.
  page.setDefaultTimeout(60_000);
  try {
    await prepare?.(page);
    for (const surface of surfaces(page)) await inThemes(page, language, surface);
  } catch (error) {
    await page.screenshot({ path: path.join(out, `failed-${language}.png`) });
    throw error;
  } finally {
    await workbench.close();
    fs.rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** One picture of the window in each theme. */
async function inThemes(page: Page, language: string, { name, open, show, hide, close }: Surface): Promise<void> {
  if (options.only !== undefined && !options.only.split(",").includes(name.replace(/-.*/, ""))) return;
  await open?.();
  for (const theme of options.theme.split(",")) {
    await runCommand(page, "Preferences: Color Theme");
    await pick(page, themes[theme] ?? theme);
    await page.waitForTimeout(700);
    await show?.();
    await page.waitForTimeout(500);
    const file = path.join(out, `${name}-${language}-${theme}.png`);
    await page.screenshot({ path: file });
    console.log(path.relative(root, file));
    // Away from what shows a hover.
    await page.mouse.move(5, 5);
    await hide?.();
  }
  await close?.();
}

function emptyWindow(page: Page, language: string): readonly Surface[] {
  const ours = () => showInSideBar(page, "Gradient Lens");
  const gallery = async () => {
    await runCommand(page, `Gradient Lens: ${title(language, "command.openExample")}`);
    await page.waitForTimeout(1500);
  };
  const leave = () => page.keyboard.press("Escape");
  return [
    { name: "empty", open: ours, show: () => page.waitForTimeout(1500) },
    { name: "gallery", show: gallery, hide: leave },
  ];
}

function exampleWindow(page: Page, language: string): readonly Surface[] {
  const command = (key: string) => runCommand(page, `Gradient Lens: ${title(language, `command.${key}`)}`);
  return [
    { name: "editor" },
    { name: "hover", show: () => hover(page, '"activation": "sigmoid"', "sigmoid") },
    { name: "key", show: () => hover(page, '"batchSize"', "batchSize") },
    { name: "settings", open: () => settingsPage(page, command), close: () => closeTab(page) },
    { name: "tests", open: () => testExplorer(page), close: () => showInSideBar(page, "Gradient Lens") },
    { name: "runs", show: () => runHover(page) },
    ...[0, 1, 2, 3, 4].map((step) => ({ name: `walkthrough-${step}`, show: () => walkthrough(page, step) })),
    { name: "findings", open: () => tallPanel(page, command) },
    { name: "deep", open: () => deepProbe(page) },
    { name: "compare", open: () => compare(page) },
    { name: "training", open: () => train(page), close: () => stop(page) },
    { name: "verifying", open: () => verify(page) },
    { name: "verified", open: () => verified(page), close: () => page.setViewportSize(wide) },
  ];
}

async function measured(page: Page): Promise<void> {
  await lenses(page, /99/).nth(1).waitFor(patient);
  await page.waitForTimeout(6000);
  await showInSideBar(page, "Gradient Lens");
  await page.waitForTimeout(3000);
}

/** A theme that is chosen before the page has searched empties its search. */
async function settingsPage(page: Page, command: (key: string) => Promise<void>): Promise<void> {
  await command("openSettings");
  await page.locator(".settings-editor .setting-item-title", { hasText: "Gradlens" }).first().waitFor(patient);
  await page.waitForTimeout(1500);
}

async function hover(page: Page, line: string, word: string): Promise<void> {
  const at = page.locator(".view-line", { hasText: line }).first();
  await at.locator("span span", { hasText: word }).last().hover();
  await page.locator(".monaco-hover:visible").first().waitFor(patient);
  await page.waitForTimeout(1500);
}

async function closeTab(page: Page): Promise<void> {
  await runCommand(page, "View: Close Editor");
}

async function testExplorer(page: Page): Promise<void> {
  await runCommand(page, "Testing: Focus on Test Explorer View");
  await page.waitForTimeout(2000);
  await runCommand(page, "Test: Run All Tests");
  await page
    .locator(".test-explorer .monaco-list-row .testing-run-glyph, .test-explorer .computed-state")
    .first()
    .waitFor(patient);
  await page.waitForTimeout(15_000);
}

/** The tip of a run in the runs view. */
async function runHover(page: Page): Promise<void> {
  await page
    .locator(".pane .monaco-list-row", { hasText: /\d\d:\d\d/ })
    .last()
    .hover();
  await page.waitForTimeout(2500);
}

async function tallPanel(page: Page, command: (key: string) => Promise<void>): Promise<void> {
  await page.setViewportSize(tall);
  await command("openPanelInEditor");
  await page.locator(".tab", { hasText: "Gradient Lens" }).dblclick();
  await (await panel(page, "editor")).locator(".chart.heat .plot canvas").waitFor(patient);
  await page.waitForTimeout(2000);
}

async function deepProbe(page: Page): Promise<void> {
  const shown = await panel(page, "editor");
  await shown.locator(".deep button", { hasText: deepChartWords().deepProbe }).first().dispatchEvent("click");
  await shown.locator(".deep-charts canvas").last().waitFor(patient);
  await page.waitForTimeout(3000);
}

async function compare(page: Page): Promise<void> {
  const shown = await panel(page, "editor");
  await shown.locator("details.compare summary").click();
  await shown.locator(".compare-list input").first().check();
  await page.waitForTimeout(2500);
}

async function train(page: Page): Promise<void> {
  const shown = await panel(page, "editor");
  await shown.locator(".header button", { hasText: panelWords().train }).first().click();
  await page.waitForTimeout(4000);
}

async function stop(page: Page): Promise<void> {
  const shown = await panel(page, "editor");
  await shown.locator(".header .controls button", { hasText: panelWords().stop }).dispatchEvent("click");
  await shown.locator(".header .controls button", { hasText: panelWords().train }).waitFor(patient);
}

async function verify(page: Page): Promise<void> {
  const shown = await panel(page, "editor");
  await shown.locator(".tiles button", { hasText: "sigmoid" }).dispatchEvent("click");
  await shown.locator(".findings-list button.verify").first().waitFor();
  await page.waitForTimeout(2000);
  await shown.locator(".findings-list button.verify").first().dispatchEvent("click");
  await shown.locator(".verification progress").waitFor(patient);
  await page.waitForTimeout(5000);
}

async function verified(page: Page): Promise<void> {
  const shown = await panel(page, "editor");
  await shown.locator(".verified table").first().waitFor(patient);
  await page.waitForTimeout(3000);
}

async function walkthrough(page: Page, step: number): Promise<void> {
  const steps = page.locator(".getting-started-step");
  if (!(await steps.first().isVisible())) {
    await runCommand(page, "Welcome: Open Walkthrough...");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "Gradient" }).first().click();
    await steps.first().waitFor(patient);
  }
  await steps.nth(step).click();
  await page.waitForTimeout(2500);
}

function title(language: string, key: string): string {
  const file = path.join(root, language === "en" ? "package.nls.json" : `package.nls.${language}.json`);
  return z.record(z.string(), z.string()).parse(JSON.parse(fs.readFileSync(file, "utf8")))[key] ?? key;
}
