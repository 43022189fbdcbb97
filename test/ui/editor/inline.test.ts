import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ExampleInVsCode,
  lenses,
  lineNotes,
  openExample,
  replaceWord,
  screens,
} from "../../../tools/vscode/exampleInVsCode.ts";

describe("a config with a vanishing gradient, in the editor", () => {
  let example: ExampleInVsCode;
  beforeAll(async () => {
    // One of its layers' lines is so long that its sparkline would stand in the lens.
    example = await openExample("vanishing-sigmoid", { settings: { "gradlens.decorations.lastColumn": 1000 } });
    await lenses(example.page, /gradient reaches \d+ of 99 timesteps/)
      .nth(1)
      .waitFor();
    // Until both models are done.
    await example.page.locator(".statusbar-item", { hasText: /Gradients: \d+ warning/ }).waitFor();
  });
  afterAll(() => example.close());

  it("shows above each model how far the gradient reaches", async () => {
    // VS Code removes and re-adds lenses when their text changes.
    let texts: string[] = [];
    await expect
      .poll(async () => {
        texts = await lenses(example.page, /Probe.*gradient reaches/).allTextContents();
        return texts.length;
      })
      .toBe(2);
    const reached = texts.map((text) => Number(/gradient reaches (\d+) of 99 timesteps/.exec(text)?.[1]));
    // The sigmoid's slope is at most 1/4: 1 % is lost within ln(0.01)/ln(0.25) = 3.3 timesteps. tanh reaches further.
    expect(reached[0]).toBeLessThanOrEqual(4);
    expect(reached[1]).toBeGreaterThan(reached[0] ?? 99);
  });

  it("draws a sparkline at the end of the line of each recurrent layer", async () => {
    const sparklines = async () =>
      (await lineNotes(example.page)).filter((note) => /[▁▂▃▄▅▆▇█]{8,}\s+\d+\/99/.test(note));
    await expect.poll(sparklines).toHaveLength(2);
  });

  it("underlines the key that causes it", async () => {
    const squiggle = example.page.locator(".cdr.squiggly-warning").first();
    await squiggle.waitFor();
    const line = example.page.locator(".view-line", { hasText: '"activation": "sigmoid"' });
    const [under, text] = [await squiggle.boundingBox(), await line.boundingBox()];
    expect(under?.y).toBeGreaterThanOrEqual((text?.y ?? 0) - 1);
    expect((under?.y ?? 0) + (under?.height ?? 0)).toBeLessThanOrEqual((text?.y ?? 0) + (text?.height ?? 0) + 4);
  });

  it("shows the measured curve as a picture in the hover", async () => {
    const { page } = example;
    // At the end of the line, where the sparkline is.
    const line = page.locator(".view-line", { hasText: '"activation": "sigmoid"' });
    await line.locator('span[class*="ced-"]').last().hover();
    const picture = page.locator(".monaco-hover img[src^='data:image/svg']").first();
    await picture.waitFor();
    const width = await picture.evaluate((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0));
    expect(width).toBeGreaterThan(100);
    await page.screenshot({ path: path.join(screens, "editor-hover.png") });
    await page.keyboard.press("Escape");
    await page.mouse.move(5, 5);
  });

  it("shows squiggle, picture, figures and the first fix in the hover without scrolling", async () => {
    const { page } = example;
    const line = page.locator(".view-line", { hasText: '"activation": "sigmoid"' });
    await line.locator("span span", { hasText: "sigmoid" }).last().hover();
    const hover = page.locator(".monaco-hover:visible", { hasText: "vanishing-through-time" });
    const told = [
      hover.locator(".marker").first(),
      hover.locator("img[src^='data:image/svg']"),
      hover.getByText(/reaches \d+ of 99 timesteps · ×[\d.]+ per timestep · −[\d.]+ decades/).first(),
      hover.getByText("Use tanh as the activation"),
    ];
    const bottoms: number[] = [];
    for (const part of told) {
      await part.waitFor();
      const box = await part.boundingBox();
      bottoms.push((box?.y ?? Number.NaN) + (box?.height ?? Number.NaN));
    }
    // Each is below the one before it, and the last one above the lower edge.
    expect(bottoms).toEqual(bottoms.toSorted((a, b) => a - b));
    const box = await hover.boundingBox();
    expect(bottoms.at(-1)).toBeLessThanOrEqual((box?.y ?? Number.NaN) + (box?.height ?? Number.NaN));
    await page.keyboard.press("Escape");
    await page.mouse.move(5, 5);
  });

  it("lists its findings among the problems", async () => {
    const { page } = example;
    await page.keyboard.press("Control+Shift+M");
    const problems = page.locator(".markers-panel .monaco-list-row", { hasText: "vanishing-through-time" });
    await problems.first().waitFor();
    expect(await problems.count()).toBeGreaterThanOrEqual(1);
    await page.screenshot({ path: path.join(screens, "editor-problems.png") });
    await page.keyboard.press("Control+Shift+M");
  });

  it("opens nothing unrequested", async () => {
    const { page } = example;
    expect(await page.locator(".monaco-dialog-box").count()).toBe(0);
    expect(await page.locator(".notification-toast").count()).toBe(0);
    expect(await page.locator(".tab .label-name").allTextContents()).toEqual([expect.stringMatching(/^gradlens/)]);
  });

  it("marks findings stale at the first keystroke and measures again after saving", async () => {
    const { page } = example;
    await replaceWord(page, '"activation": "sigmoid"', "sigmoid", "relu");
    await lenses(page, /before your edit/)
      .first()
      .waitFor();
    await page.keyboard.press("Control+S");
    await lenses(page, /before your edit/)
      .first()
      .waitFor({ state: "detached" });
    expect(fs.readFileSync(example.config, "utf8")).toContain('"activation": "relu"');
    await expect.poll(() => lenses(page, /Probe|Train/).count()).toBe(2);
  });
});
