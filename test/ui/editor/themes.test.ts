import path from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  colours,
  type ExampleInVsCode,
  openExample,
  panel,
  pick,
  runCommand,
  screens,
} from "../../../tools/vscode/exampleInVsCode.ts";

const THEMES = [
  ["Dark Modern", "vscode-dark"],
  ["Light Modern", "vscode-light"],
  ["Dark High Contrast", "vscode-high-contrast"],
  ["Light High Contrast", "vscode-high-contrast-light"],
] as const;

describe("editor and panel in every kind of theme", () => {
  let example: ExampleInVsCode;
  beforeAll(async () => {
    example = await openExample("exploding-gaussian");
    const { page } = example;
    await page.locator(".statusbar-item", { hasText: /Gradients: \d+ (warning|error)/ }).waitFor();
    await runCommand(page, "Gradient Lens: Open Panel in Editor");
    await page.keyboard.press("Control+B");
    await (await panel(page, "editor")).locator(".chart.heat .plot canvas").waitFor();
  });
  afterAll(() => example.close());

  it.each(THEMES)("%s, chosen while they are open", async (theme, bodyClass) => {
    const { page } = example;
    await runCommand(page, "Preferences: Color Theme");
    await pick(page, theme, theme);
    const tab = await panel(page, "editor");
    await tab.locator(`body.${bodyClass}`).waitFor();
    await page.screenshot({ path: path.join(screens, `theme-${bodyClass.replace("vscode-", "")}.png`) });
    // WCAG's minimum for graphics; axes with the colours of the previous theme would fall below it.
    const loss = tab.locator(".chart.loss .plot canvas");
    await expect.poll(() => axisContrast(loss)).toBeGreaterThan(3);
    await expect.poll(() => colours(tab.locator(".chart.heat .plot canvas"))).toBeGreaterThan(20);
  });
});

/** Contrast, as WCAG defines it, of the strongest pixel among a chart's axis labels against the page's background. */
function axisContrast(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) return 0;
    const luminance = (rgb: readonly number[]) => {
      const [r = 0, g = 0, b = 0] = rgb.map((v) => (v <= 10 ? v / 3294 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const swatch = document.createElement("canvas").getContext("2d");
    const context = element.getContext("2d");
    if (!swatch || !context) return 0;
    swatch.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--vscode-editor-background");
    swatch.fillRect(0, 0, 1, 1);
    const behind = [...swatch.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    const background = luminance(behind);
    // The labels of the vertical axis are in the leftmost 40 pixels.
    const { data } = context.getImageData(0, 0, 40 * devicePixelRatio, element.height);
    let strongest = 1;
    for (let i = 0; i < data.length; i += 4) {
      const alpha = (data[i + 3] ?? 0) / 255;
      const ink = luminance(behind.map((under, c) => alpha * (data[i + c] ?? 0) + (1 - alpha) * under));
      const ratio = (Math.max(ink, background) + 0.05) / (Math.min(ink, background) + 0.05);
      strongest = Math.max(strongest, ratio);
    }
    return strongest;
  });
}
