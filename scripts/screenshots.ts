/**
 * Takes the README's pictures from the real workbench, at twice the pixels, in a dark and in a light theme.
 *
 *   npm run screenshots -- [--editor=vanishing-sigmoid] [--panel=adding-problem/gru] [--steps=1100] [--out=media/screenshots]
 *
 * editor-*.png the config with lenses, squiggle and sparkline hover-*.png its hover panel-*.png the panel during a
 * training run of the panel's example
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { root } from "../tools/root.ts";
import { lenses, openExample, panel, pick, runCommand } from "../tools/vscode/exampleInVsCode.ts";

const { values: options } = parseArgs({
  options: {
    editor: { type: "string", default: "vanishing-sigmoid" },
    panel: { type: "string", default: "adding-problem/gru" },
    steps: { type: "string", default: "1100" },
    out: { type: "string", default: "media/screenshots" },
  },
});
const out = path.resolve(root, options.out);
const THEMES = [
  ["dark", "Dark Modern"],
  ["light", "Light Modern"],
] as const;
const SETTINGS = {
  "breadcrumbs.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.guides.indentation": false,
  "editor.renderLineHighlight": "none",
  "editor.scrollbar.vertical": "hidden",
  "editor.scrollbar.horizontal": "hidden",
  "editor.overviewRulerBorder": false,
  "editor.hideCursorInOverviewRuler": true,
  "editor.occurrencesHighlight": "off",
  "workbench.editor.doubleClickTabToToggleEditorGroupSizes": "maximize",
  "workbench.activityBar.location": "hidden",
};

const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);
fs.mkdirSync(out, { recursive: true });
for (const [name, theme] of THEMES) {
  await takeEditor(name, theme);
  await takePanel(name, theme);
}

async function takeEditor(name: string, theme: string): Promise<void> {
  const example = await openExample(options.editor, {
    settings: SETTINGS,
    viewport: { width: 1420, height: 900 },
    deviceScaleFactor: 2,
  });
  const { page } = example;
  await settle(page, theme);
  await page.locator(".view-lines").click({ position: { x: 600, y: 4 } });
  await page.waitForTimeout(1500);
  await save(page, `editor-${name}.png`, await editorBox(page));

  const flagged = page.locator(".view-line").filter({ has: page.locator('[class*="ced-"]') });
  await flagged.first().locator('[class*="ced-"]').last().hover();
  await page.locator(".monaco-hover img[src^='data:image/svg']").first().waitFor();
  await page.waitForTimeout(500);
  const hover = await page.locator(".monaco-hover:visible").first().boundingBox();
  if (hover) await save(page, `hover-${name}.png`, hover);
  await example.close();
}

async function takePanel(name: string, theme: string): Promise<void> {
  const [folder = "", model = ""] = options.panel.split("/");
  const example = await openExample(folder, {
    settings: SETTINGS,
    viewport: { width: 1320, height: 860 },
    deviceScaleFactor: 2,
  });
  const { page } = example;
  await settle(page, theme);
  await runCommand(page, "Gradient Lens: Open Panel in Editor");
  await page.locator(".tab", { hasText: "Gradient Lens" }).dblclick();
  const tab = await panel(page, "editor");
  const runs = tab.getByRole("combobox", { name: "Run" });
  const choice = runs.locator("option", { hasText: model }).first();
  await runs.selectOption((await choice.getAttribute("value")) ?? "");
  await tab.getByRole("button", { name: "Train" }).click();
  const facts = tab.locator(".facts", { hasText: /step/ });
  const step = async () =>
    Number((await facts.textContent())?.match(/step ([\d\s.,]*\d)/)?.[1]?.replace(/\D/g, "") ?? 0);
  await tab.getByRole("button", { name: "Stop" }).waitFor();
  while ((await step()) < Number(options.steps)) await page.waitForTimeout(250);
  const box = await page.locator(".part.editor .editor-group-container.active").boundingBox();
  if (box) await save(page, `panel-${name}.png`, box);
  await tab.getByRole("button", { name: "Stop" }).click();
  await example.close();
}

/** Chooses the theme, closes the side bar and waits until every model of the visible config has its findings. */
async function settle(page: Page, theme: string): Promise<void> {
  await runCommand(page, "Preferences: Color Theme");
  await pick(page, theme, theme);
  await page.keyboard.press("Control+B");
  await lenses(page, /gradient/)
    .first()
    .waitFor({ timeout: 120_000 });
  await page.locator(".statusbar-item", { hasText: /Gradients: (\d|fine)/ }).waitFor({ timeout: 120_000 });
}

type Box = { x: number; y: number; width: number; height: number };

/** The box from the first line to the last, with a small margin below. */
async function editorBox(page: Page): Promise<Box> {
  const editor = await page.locator(".part.editor .editor-group-container").first().boundingBox();
  const last = await page.locator(".view-line").last().boundingBox();
  if (!editor || !last) throw new Error("there is no editor to take a picture of");
  return { ...editor, height: Math.min(editor.height, last.y + last.height - editor.y) };
}

async function save(page: Page, name: string, clip: Box): Promise<void> {
  const file = path.join(out, name);
  await page.screenshot({ path: file, clip });
  console.log(`${path.relative(root, file)}  ${(fs.statSync(file).size / 1000).toFixed(0)} KB`);
}
