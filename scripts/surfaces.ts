/**
 * Takes a picture of every surface in a real workbench, in four themes and two languages, to be looked at before a release.
 *
 *   npm run surfaces -- [--language=en,zh-cn] [--theme=dark,light,hc,hc-light] [--only=editor,hover,…] [--out=out/surfaces]
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { inlineWords } from "../src/messages/inline.ts";
import { languageOf, speak } from "../src/messages/language.ts";
import { root } from "../tools/root.ts";
import { lenses, openExample, panel, pick, runCommand, showInSideBar } from "../tools/vscode/exampleInVsCode.ts";
import { linkExtension } from "../tools/vscode/installExtension.ts";

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

const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);
fs.mkdirSync(out, { recursive: true });
for (const language of options.language.split(",")) await surfaces(language);

async function surfaces(language: string): Promise<void> {
  speak(languageOf(language));
  const extensionsDir = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-surfaces-"));
  linkExtension(root, extensionsDir);
  // Without the driver of the tests, notifications are shown.
  const vsCode = { installed: true, extensionsDir, testDriver: false, language };
  const example = await openExample("vanishing-sigmoid", { ...vsCode, viewport: { width: 1500, height: 1000 } });
  const { page } = example;
  try {
    await lenses(page, /99/).nth(1).waitFor(patient);
    await page.waitForTimeout(6000);
    await showInSideBar(page, "Gradient Lens");
    await page.waitForTimeout(3000);
    await inThemes(page, language, "editor");
    await inThemes(page, language, "hover", () => hover(page, '"activation": "sigmoid"', "sigmoid"));
    await inThemes(page, language, "key", () => hover(page, '"batchSize"', "batchSize"));
    if (isWanted("panel")) await panelInEditor(page, language);
    if (isWanted("verified")) {
      await verify(page);
      await inThemes(page, language, "verified");
    }
    await inThemes(page, language, "walkthrough", () => walkthrough(page));
  } catch (error) {
    await page.screenshot({ path: path.join(out, `failed-${language}.png`) });
    throw error;
  } finally {
    await example.close();
    fs.rmSync(extensionsDir, { recursive: true, force: true });
  }
}

function isWanted(name: string): boolean {
  return options.only === undefined || options.only.split(",").includes(name);
}

/** One picture of the window in each theme; `show` brings forth what the change of the theme has hidden. */
async function inThemes(page: Page, language: string, name: string, show?: () => Promise<void>): Promise<void> {
  if (!isWanted(name)) return;
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
  }
}

async function hover(page: Page, line: string, word: string): Promise<void> {
  const at = page.locator(".view-line", { hasText: line }).first();
  await at.locator("span span", { hasText: word }).last().hover();
  await page.locator(".monaco-hover:visible").first().waitFor(patient);
  await page.waitForTimeout(1500);
}

async function walkthrough(page: Page): Promise<void> {
  if (await page.locator(".gettingStartedSlideDetails").isVisible()) return;
  await runCommand(page, "Welcome: Open Walkthrough...");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Gradient" }).first().click();
  await page.locator(".gettingStartedContainer").waitFor(patient);
  await page.waitForTimeout(2000);
}

async function verify(page: Page): Promise<void> {
  const lens = page.locator(".codelens-decoration a", { hasText: inlineWords().verifyFixes.replace(" ", "\u00a0") });
  await lens.first().click();
  await page.locator(".notifications-toasts .notification-list-item").first().waitFor(patient);
  await page.waitForTimeout(1500);
}

async function panelInEditor(page: Page, language: string): Promise<void> {
  await runCommand(page, `Gradient Lens: ${openPanelTitle(language)}`);
  await (await panel(page, "editor")).locator(".chart.heat .plot canvas").waitFor(patient);
  await page.waitForTimeout(2000);
  await inThemes(page, language, "panel");
  await runCommand(page, "View: Close Editor");
}

function openPanelTitle(language: string): string {
  const file = path.join(root, language === "en" ? "package.nls.json" : `package.nls.${language}.json`);
  const titles: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
  const title: unknown =
    typeof titles === "object" && titles !== null && Reflect.get(titles, "command.openPanelInEditor");
  return String(title);
}
