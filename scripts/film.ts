/**
 * Films the main path in a real workbench for the README: a config is opened, its gradient vanishes, the hover explains it,
 * its fixes are verified, the best one is applied, and the gradient reaches back.
 *
 *   npm run film -- [--language=en,zh-cn] [--out=media/screenshots] [--pictures=folder]
 *
 * tour.gif, tour.zh-cn.gif; `--pictures` also writes each picture.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { inlineWords } from "../src/messages/inline.ts";
import { languageOf, speak } from "../src/messages/language.ts";
import { Camera } from "../tools/film/camera.ts";
import { gifOf } from "../tools/film/film.ts";
import { root } from "../tools/root.ts";
import { lenses, pick, runCommand } from "../tools/vscode/exampleInVsCode.ts";
import { linkExtension } from "../tools/vscode/installExtension.ts";
import { openWorkbench } from "../tools/vscode/workbench.ts";

const { values: options } = parseArgs({
  options: {
    language: { type: "string", default: "en,zh-cn" },
    out: { type: "string", default: "media/screenshots" },
    pictures: { type: "string" },
  },
});
/** A net that remembers the class of its first timestep once its gradient reaches back to it. */
const config = `// Which class did the first timestep show, 29 timesteps ago?
{
  "data": { "task": "delayedRecall", "length": 30, "samples": 512, "seed": 1 },
  "training": {
    "loss": "binaryCrossentropy",
    "optimizer": { "type": "adam", "learningRate": 0.005 },
    "batchSize": 32,
    "steps": 120
  },
  "models": {
    "recall": {
      "layers": [
        { "type": "simpleRNN", "units": 8, "activation": "sigmoid" },
        { "type": "dense", "units": 1, "activation": "sigmoid" }
      ]
    }
  }
}
`;
const viewport = { width: 1040, height: 640 };
const settings = {
  "breadcrumbs.enabled": false,
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.guides.indentation": false,
  "editor.scrollbar.horizontal": "hidden",
  "editor.overviewRulerBorder": false,
  "editor.occurrencesHighlight": "off",
  "editor.hover.delay": 100,
  // A machine may be busy; after thousands of steps of a probe the gradient would reach further.
  "gradlens.probe.budget": 2500,
  "gradlens.verify.budget": 240,
  "gradlens.decorations.lastColumn": 1000,
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
};
/** Milliseconds within which a step of the film happens on a slow machine. */
const patient = { timeout: 180_000 };

const built = spawnSync(process.execPath, ["esbuild.mjs"], { cwd: root, stdio: "inherit" });
if (built.status !== 0) process.exit(1);
for (const language of options.language.split(",")) await film(language);

async function film(language: string): Promise<void> {
  speak(languageOf(language));
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-film-"));
  const extensionsDir = path.join(top, "extensions");
  // An extension that is only developed would be named in the window's title.
  linkExtension(root, extensionsDir);
  const folder = path.join(top, "recall");
  fs.mkdirSync(folder);
  const file = path.join(folder, "gradlens.json");
  fs.writeFileSync(file, config);
  const workbench = await openWorkbench({ folder, file }, { extensionsDir, settings, viewport, language });
  const camera = new Camera(workbench.page);
  try {
    await open(workbench.page, camera);
    await diagnose(workbench.page, camera);
    await cure(workbench.page, camera);
    await save(workbench.page, camera, language === "en" ? "tour" : `tour.${language}`);
  } catch (error) {
    await workbench.page.screenshot({ path: path.join(os.tmpdir(), `film-failed-${language}.png`) });
    console.log(`failed after ${camera.pictures.length} pictures`);
    throw error;
  } finally {
    await workbench.close();
    fs.rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Opens the config. */
async function open(page: Page, camera: Camera): Promise<void> {
  await runCommand(page, "Preferences: Color Theme");
  await pick(page, "Dark Modern");
  await lenses(page, /Probe|探测/)
    .first()
    .waitFor(patient);
  await page.keyboard.press("Control+B");
  await camera.take(900);
}

/** Until the model is measured, and then the hover of the layer. */
async function diagnose(page: Page, camera: Camera): Promise<void> {
  const stop = lenses(page, literally(inlineWords().stop(true)));
  const measured = lenses(page, /29/);
  while ((await measured.count()) < 1 || (await stop.count()) > 0) {
    await camera.take(250);
    await page.waitForTimeout(600);
  }
  await page.waitForTimeout(2500);
  await camera.take(1800);
  const line = page.locator(".view-line", { hasText: '"simpleRNN"' });
  await camera.moveTo(line.locator("span span", { hasText: "sigmoid" }).last(), 200);
  await page.locator(".monaco-hover img[src^='data:image/svg']").first().waitFor(patient);
  await page.waitForTimeout(800);
  await camera.take(2600);
  await readOn(page, camera);
  await page.keyboard.press("Escape");
  await page.locator(".monaco-hover:visible").waitFor({ state: "hidden" });
}

/** Scrolls the hover to its fixes. */
async function readOn(page: Page, camera: Camera): Promise<void> {
  await camera.moveTo(page.locator(".monaco-hover:visible .hover-row").first(), 200);
  for (let turned = 0; turned < 3; turned++) {
    await page.mouse.wheel(0, 65);
    await page.waitForTimeout(200);
    await camera.take(80);
  }
  await camera.take(2000);
}

/** Verifies the fixes, and applies the best one. */
async function cure(page: Page, camera: Camera): Promise<void> {
  const verify = page.locator(".codelens-decoration a", { hasText: literally(inlineWords().verifyFixes) }).first();
  await camera.click(verify, 600);
  const going = lenses(page, /\d+ ?\/ ?\d+|run \d+ of \d+|第 \d+/);
  await going.first().waitFor(patient);
  const verified = page.locator(".codelens-decoration a", { hasText: /\d of \d fixes? helps?|\d.*修复/ }).first();
  const open = page.locator(".codelens-decoration a", { hasText: literally(inlineWords().continueIt) }).first();
  for (let waited = 0; !(await verified.isVisible()) && waited < 900_000; waited += 2000) {
    // A machine was too busy to decide every fix within the time.
    if (await open.isVisible()) await open.click();
    await camera.take(220);
    await page.waitForTimeout(2000);
  }
  console.log((await verified.textContent()) ?? "");
  await camera.take(900);
  await camera.click(verified, 700);
  const best = page.locator(".quick-input-list .monaco-list-row").first();
  await best.waitFor(patient);
  await camera.take(2200);
  await camera.click(best, 500);
  await page.locator(".quick-input-list").waitFor({ state: "hidden" });
  await camera.take(900);
  await page.locator(".view-line").first().click();
  await page.keyboard.press("Control+S");
  await page.waitForTimeout(1500);
  await diagnoseAgain(page, camera);
}

/** Until the model is measured with its fix, which lets the gradient reach back to the first timestep. */
async function diagnoseAgain(page: Page, camera: Camera): Promise<void> {
  const stop = lenses(page, literally(inlineWords().stop(true)));
  const cured = lenses(page, /29 of 29|29 个时间步中的 29 个/);
  for (let waited = 0; waited < patient.timeout; waited += 700) {
    await camera.take(220);
    await page.waitForTimeout(700);
    if ((await stop.count()) === 0 && (await cured.count()) > 0) break;
  }
  await cured.first().waitFor(patient);
  await page.waitForTimeout(2500);
  await camera.take(4000);
}

function literally(text: string): RegExp {
  const words = text.replace(/\$\([\w~-]+\) ?/g, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(words.replaceAll(" ", "[ \u00a0]"));
}

async function save(page: Page, camera: Camera, name: string): Promise<void> {
  const { pictures } = camera;
  if (options.pictures !== undefined) {
    fs.mkdirSync(options.pictures, { recursive: true });
    for (const [i, { png }] of pictures.entries())
      fs.writeFileSync(path.join(options.pictures, `${name}-${String(i).padStart(3, "0")}.png`), png);
  }
  const blank = await page.context().newPage();
  const file = path.join(root, options.out, `${name}.gif`);
  fs.writeFileSync(file, await gifOf(blank, pictures));
  const seconds = pictures.reduce((sum, { shown }) => sum + shown, 0) / 1000;
  const size = (fs.statSync(file).size / 1e6).toFixed(2);
  console.log(`${path.relative(root, file)}  ${pictures.length} pictures, ${seconds.toFixed(0)} s, ${size} MB`);
}
