/**
 * Takes the README's pictures from the real workbench, at twice the pixels, in a dark and in a light theme.
 *
 *   npm run screenshots -- [--editor=vanishing-sigmoid] [--panel=adding-problem/gru] [--steps=1100] [--out=media/screenshots]
 *
 * editor-*.png the config with lenses, squiggle and sparkline hover-*.png its hover panel-*.png the panel during a
 * training run of the panel's example program-*.png a program of examples/pytorch after its run, with its hover; needs
 * a Python with PyTorch (PYTHON); --program, --line, --rows and --name take one of another program
 *
 * --only=program takes one kind of them.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Locator, Page } from "playwright-core";
import { root } from "../tools/root.ts";
import { lenses, openExample, panel, pick, runCommand } from "../tools/vscode/exampleInVsCode.ts";
import { openWorkbench } from "../tools/vscode/workbench.ts";

const { values: options } = parseArgs({
  options: {
    editor: { type: "string", default: "vanishing-sigmoid" },
    panel: { type: "string", default: "adding-problem/gru" },
    steps: { type: "string", default: "1100" },
    program: { type: "string", default: "examples/pytorch/vanishing.py" },
    /** First part of the names of the program's pictures. */
    name: { type: "string", default: "program" },
    /** Words of the line that makes the layer whose hover is shown. */
    line: { type: "string", default: "nn.RNN(" },
    /** Lines of the program below the hover; all that are in view if it is not given. */
    rows: { type: "string" },
    only: { type: "string", default: "editor,panel,program" },
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
  if (options.only.includes("editor")) await takeEditor(name, theme);
  if (options.only.includes("panel")) await takePanel(name, theme);
  if (options.only.includes("program")) await takeProgram(name, theme);
}

/** A program beside its run. One that lies beside a run already is not started. */
async function takeProgram(name: string, theme: string): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-program-"));
  const source = path.resolve(root, options.program);
  const beside = path.join(path.dirname(source), ".gradlens");
  if (fs.existsSync(beside)) await takeProgramIn(path.dirname(source), source, name, theme);
  else {
    const file = path.join(folder, path.basename(source));
    // Programs import each other.
    fs.cpSync(path.dirname(source), folder, { recursive: true });
    const environment = { ...process.env, PYTHONPATH: path.join(root, "python") };
    const python = process.env["PYTHON"] ?? "python3";
    const ran = spawnSync(python, [file], { cwd: folder, env: environment, stdio: "inherit" });
    if (ran.status !== 0) throw new Error(`${python} cannot run ${options.program}`);
    await takeProgramIn(folder, file, name, theme);
  }
  fs.rmSync(folder, { recursive: true, force: true });
}

async function takeProgramIn(folder: string, file: string, name: string, theme: string): Promise<void> {
  const settings = { ...SETTINGS, "editor.minimap.enabled": false };
  const workbench = await openWorkbench(
    { folder, file, extension: root },
    { settings, viewport: { width: 1240, height: 760 } },
  );
  const { page } = workbench;
  await page.locator(".monaco-editor .view-lines").first().waitFor();
  await runCommand(page, "Preferences: Color Theme");
  await pick(page, theme);
  await page.keyboard.press("Control+B");
  await showLine(page, file, options.line);
  const line = page.locator(".view-line").filter({ hasText: options.line }).first();
  const note = line.locator('[class*="ced-"]').last();
  await note.waitFor({ timeout: 120_000 });
  await page.waitForTimeout(1500);
  // Its beginning: a long note would be scrolled to its middle.
  const box = await note.boundingBox();
  if (box) await page.mouse.move(box.x + 30, box.y + box.height / 2, { steps: 5 });
  await page.locator(".monaco-hover img[src^='data:image/svg']").first().waitFor();
  await page.waitForTimeout(500);
  await save(page, `${options.name}-${name}.png`, options.rows ? await hoverBox(page, line) : await editorBox(page));
  await workbench.close();
}

/** Scrolls to the first line that has these words: VS Code draws only the lines in view. */
async function showLine(page: Page, file: string, words: string): Promise<void> {
  const lines = fs.readFileSync(file, "utf8").split("\n");
  await page.keyboard.press("Control+G");
  await page.keyboard.type(String(lines.findIndex((line) => line.includes(words)) + 1));
  await page.keyboard.press("Enter");
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
  await pick(page, theme);
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

/** The hover above a line, and as many lines from there as are asked for. */
async function hoverBox(page: Page, line: Locator): Promise<Box> {
  const editor = await editorBox(page);
  const [hover, first] = await Promise.all([
    page.locator(".monaco-hover:visible").first().boundingBox(),
    line.boundingBox(),
  ]);
  if (!hover || !first) throw new Error("there is no hover above the line");
  const top = hover.y - 4;
  return { ...editor, y: top, height: first.y + first.height * Number(options.rows) - top };
}

async function save(page: Page, name: string, clip: Box): Promise<void> {
  const file = path.join(out, name);
  await page.screenshot({ path: file, clip });
  console.log(`${path.relative(root, file)}  ${(fs.statSync(file).size / 1000).toFixed(0)} KB`);
}
