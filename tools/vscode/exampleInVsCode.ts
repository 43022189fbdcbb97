import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { examples } from "../examples/folders.ts";
import { root } from "../root.ts";
import type { PageOptions } from "./browser.ts";
import { openWorkbench, type ServerOptions } from "./workbench.ts";

export const screens = path.join(root, "out/screens");

/** A copy of one example, open in a real VS Code with the built extension. */
export interface ExampleInVsCode {
  readonly page: Page;
  /** Path of the config in the copy. */
  readonly config: string;
  close(): Promise<void>;
}

export interface ExampleOptions extends ServerOptions, PageOptions {
  /** Length of a training run; overrides the example's own. */
  readonly steps?: number;
  /** The config's text in place of the example's own. */
  readonly text?: string;
  /** Whether the extension is installed in `extensionsDir`. Default: the checkout's build is loaded. */
  readonly installed?: boolean;
}

export async function openExample(
  example: string,
  { steps, text, installed = false, ...options }: ExampleOptions = {},
): Promise<ExampleInVsCode> {
  if (!installed && !fs.existsSync(path.join(root, "dist/extension.js")))
    throw new Error("The extension is not built: npm run build");
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-example-"));
  const removeTop = () => fs.rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const folder = path.join(top, example);
  fs.cpSync(path.join(examples, example), folder, { recursive: true });
  const config = path.join(folder, "gradlens.json");
  if (text !== undefined) fs.writeFileSync(config, text);
  if (steps !== undefined)
    fs.writeFileSync(config, fs.readFileSync(config, "utf8").replace(/"steps": \d+/, `"steps": ${steps}`));
  try {
    const workbench = await openWorkbench(
      { folder, file: config, extension: installed ? undefined : root },
      { ...options, settings: { "editor.minimap.enabled": false, ...options.settings } },
    );
    await workbench.page.locator(".monaco-editor .view-lines").first().waitFor();
    fs.mkdirSync(screens, { recursive: true });
    return {
      page: workbench.page,
      config,
      close: () => workbench.close().finally(removeTop),
    };
  } catch (error) {
    removeTop();
    throw error;
  }
}

/** Code lenses with matching text. */
export function lenses(page: Page, text: RegExp): Locator {
  return page.locator(".codelens-decoration", { hasText: text });
}

/** The texts after the ends of lines, in no particular order. */
export async function lineNotes(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.view-lines span[class*="ced-"]')]
      .map((e) => getComputedStyle(e, "::after").content)
      .filter((c) => c !== "none" && c !== "normal")
      // CSS returns the text in quotes, with non-breaking spaces.
      .map((c) => c.slice(1, -1).replaceAll("\u00a0", " ")),
  );
}

/**
 * Types another word in place of one, and waits until it is there. VS Code counts two clicks as a double click within
 * 400 ms of its own clock only, and a busy page takes longer: one click and a key select the word.
 */
export async function replaceWord(page: Page, line: string, word: string, by: string): Promise<void> {
  const shown = page.locator(".view-line", { hasText: line });
  await shown.locator("span span", { hasText: word }).last().click();
  await page.keyboard.press("Control+D");
  await page.keyboard.type(by);
  await page.keyboard.press("Escape");
  await page.locator(".view-line", { hasText: line.replace(word, by) }).waitFor();
}

/** Milliseconds for each step of the first attempt to find a row, and attempts; each later one has twice as long. */
const searchTime = 5_000;
const searches = 7;

/** Runs a command by its title in the command palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await quickOpen(page, `>${title}`, { label: title });
}

/** Opens a file of the workspace by its path. */
export async function goToFile(page: Page, file: string): Promise<void> {
  await quickOpen(page, file, { label: path.basename(file), folder: path.dirname(file) });
}

/**
 * Types into VS Code's quick input and clicks a row of it. The click that opens it works whatever has the focus; a key
 * would be lost in a page that VS Code shows.
 */
async function quickOpen(page: Page, typed: string, row: QuickRow): Promise<void> {
  // With two windows, only the one in front is drawn.
  await page.bringToFront();
  const input = quickInput(page);
  for (let searched = 1; ; searched++) {
    const limit = { timeout: searchTime * 2 ** (searched - 1) };
    try {
      if (!(await input.isVisible())) await page.locator(".command-center .command-center-quick-pick").click(limit);
      // The rows are made when the kind of search changes, and stay: a command that is enabled later is not among them.
      await input.fill("", limit);
      await input.fill(typed, limit);
      await quickRow(page, row).first().click(limit);
      return;
    } catch (error) {
      // A page that is shown in the meantime takes the focus, and the input closes.
      if (searched === searches) throw error;
      // A click that came late has perhaps opened a list of its own, which finds no command.
      await page.keyboard.press("Escape");
    }
  }
}

/** A row of the quick input: its label, and the folder that is shown beside a file. */
interface QuickRow {
  readonly label: string;
  readonly folder?: string;
}

function quickInput(page: Page): Locator {
  return page.locator(".quick-input-widget input[type=text]");
}

function quickRow(page: Page, { label, folder }: QuickRow): Locator {
  const rows = page.locator(".quick-input-list .monaco-list-row").filter({
    has: page.locator(".label-name", { hasText: new RegExp(`^${label}$`) }),
  });
  return folder === undefined ? rows : rows.filter({ has: page.locator(".label-description", { hasText: folder }) });
}

/** Selects the item that a quick pick shows under a label. */
export async function pick(page: Page, label: string): Promise<void> {
  await quickInput(page).fill(label);
  await quickRow(page, { label }).first().click();
}

/**
 * Shows a view container in the side bar. (A second click on the same icon would hide it, but is ignored if it comes
 * quickly.)
 */
export async function showInSideBar(page: Page, title: "Gradient Lens" | "Explorer"): Promise<void> {
  const shown = page.locator(".part.sidebar .composite.title h2", { hasText: new RegExp(title, "i") });
  if (await shown.isVisible()) return;
  await page.locator(`.activitybar a.action-label[aria-label^="${title}"]`).click();
  await shown.waitFor();
}

/**
 * The page inside the panel, in the side bar or in an editor tab. VS Code places all webviews above the window and
 * gives a page that is shown again a new frame, so the page is found by its position.
 */
export async function panel(page: Page, where: "sidebar" | "editor"): Promise<FrameLocator> {
  const name = await page.waitForFunction((part) => {
    const box = document.querySelector(`.part.${part}`)?.getBoundingClientRect();
    const frames = [...document.querySelectorAll<HTMLIFrameElement>("iframe.webview.ready")];
    const within = frames.find((frame) => {
      const { left, top, width, height } = frame.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const seen = width > 0 && height > 0 && getComputedStyle(frame).visibility === "visible";
      return seen && box && x > box.left && x < box.right && y > box.top && y < box.bottom;
    });
    return within?.name;
  }, where);
  return page.frameLocator(`iframe[name="${await name.jsonValue()}"]`).frameLocator("iframe#active-frame");
}

/** Milliseconds for a chart that is there. A frame that VS Code has replaced in the meantime never has one. */
const chartTime = 10_000;

/**
 * Evaluates a function on the canvas of a chart in the panel; 0 while there is none. The panel's frame is looked up each
 * time, because VS Code may replace it.
 */
export async function onChart(
  page: Page,
  where: "sidebar" | "editor",
  chart: string,
  measure: (canvas: HTMLElement | SVGElement) => number,
): Promise<number> {
  const shown = await panel(page, where);
  const canvas = await shown
    .locator(`.chart.${chart} .plot canvas`)
    .elementHandle({ timeout: chartTime })
    .catch(() => null);
  return await (canvas?.evaluate(measure).catch(() => 0) ?? 0);
}

/** Number of different colours of a chart in the panel; 1 if it is blank, 0 while it is not there. */
export function colours(page: Page, where: "sidebar" | "editor", chart: string): Promise<number> {
  return onChart(page, where, chart, (canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const { width, height } = canvas;
    const data = canvas.getContext("2d")?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    return new Set(new Uint32Array(data.buffer)).size;
  });
}
