import fs from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPng } from "../../../src/host/save/png.ts";
import {
  colours,
  type ExampleInVsCode,
  lenses,
  openExample,
  panel,
  pick,
  runCommand,
  screens,
  showInSideBar,
} from "../../../tools/vscode/exampleInVsCode.ts";
import { sampled } from "../../budget.ts";
import { axisContrast } from "./axisContrast.ts";

const HEAT = ".chart.heat .plot canvas";

const THEMES = [
  ["Dark Modern", "vscode-dark"],
  ["Light Modern", "vscode-light"],
  ["Dark High Contrast", "vscode-high-contrast"],
  ["Light High Contrast", "vscode-high-contrast-light"],
] as const;

describe("the panel in VS Code", () => {
  let example: ExampleInVsCode;
  beforeAll(async () => {
    // A run that is still going when it is stopped.
    example = await openExample("vanishing-sigmoid", { steps: 50_000 });
    await lenses(example.page, /gradient reaches/)
      .first()
      .waitFor();
  });
  afterAll(() => example.close());

  it("draws the run in the side view", async () => {
    await showInSideBar(example.page, "Gradient Lens");
    const side = await panel(example.page, "sidebar");
    await side.locator(HEAT).waitFor();
    await expect.poll(() => colours(example.page, "sidebar", "heat")).toBeGreaterThan(20);
    await expect.poll(() => colours(example.page, "sidebar", "loss")).toBeGreaterThan(3);
    const sideways = await side.locator("body").evaluate((body) => body.scrollWidth - body.clientWidth);
    expect(sideways).toBeLessThanOrEqual(0);
    await example.page.screenshot({ path: path.join(screens, "panel-side.png") });
  });

  it("keeps the user's choices when it is hidden and shown again", async () => {
    const side = await panel(example.page, "sidebar");
    await side.getByRole("button", { name: "gain", exact: true }).click();
    await showInSideBar(example.page, "Explorer");
    await example.page.locator("iframe.webview").first().waitFor({ state: "hidden" });
    await showInSideBar(example.page, "Gradient Lens");
    const again = await panel(example.page, "sidebar");
    const gain = again.getByRole("button", { name: "gain", exact: true });
    await gain.waitFor();
    expect(await gain.getAttribute("aria-pressed")).toBe("true");
    await expect.poll(() => colours(example.page, "sidebar", "heat")).toBeGreaterThan(20);
  });

  it("follows a training run in an editor tab, and stops it", async () => {
    const { page } = example;
    await runCommand(page, "Gradient Lens: Open Panel in Editor");
    await page.keyboard.press("Control+B");
    const tab = await panel(page, "editor");
    await tab.getByRole("button", { name: "Train" }).click();
    const stop = tab.getByRole("button", { name: "Stop" });
    await stop.waitFor();
    const facts = tab.locator(".facts");
    const step = async () => Number(/step ([\d,. ]+)/.exec((await facts.textContent()) ?? "")?.[1]?.replace(/\D/g, ""));
    await expect.poll(step).toBeGreaterThan(3);
    const before = await step();
    await expect.poll(step).toBeGreaterThan(before);
    await page.screenshot({ path: path.join(screens, "panel-tab.png") });
    await stop.click();
    await stop.waitFor({ state: "hidden" });
    await expect.poll(() => colours(page, "editor", "heat")).toBeGreaterThan(20);
  });

  it("saves a chart as a picture, and the shown run as CSV, at the chosen place", async () => {
    const { page, config } = example;
    const folder = path.dirname(config);
    const written = async (end: string): Promise<string> => {
      const input = page.locator(".quick-input-widget input[type=text]");
      await input.waitFor();
      await expect.poll(() => input.inputValue()).toMatch(new RegExp(`${end}$`));
      await page.keyboard.press("Enter");
      await expect.poll(() => fs.readdirSync(folder).filter((name) => name.endsWith(end))).toHaveLength(1);
      return path.join(folder, fs.readdirSync(folder).find((name) => name.endsWith(end)) ?? "");
    };
    const tab = await panel(page, "editor");
    await tab.locator(".chart.heat button.save-picture").click();
    const picture = fs.readFileSync(await written("-heat.png"));
    expect(isPng(picture)).toBe(true);
    await runCommand(page, "Gradient Lens: Export Run as CSV…");
    expect(fs.readFileSync(await written(".csv"), "utf8")).toMatch(/^step,loss,.*\n1,/);
  });

  it("comes back when the window is reloaded", { tags: "thorough" }, async () => {
    const { page } = example;
    const loaded = page.waitForEvent("load");
    await runCommand(page, "Developer: Reload Window");
    await loaded;
    await expect.poll(() => colours(page, "editor", "heat")).toBeGreaterThan(20);
  });

  it.each(sampled(THEMES, THEMES.length, 0, 1))(
    "follows the theme %s, chosen while it is open",
    async (theme, bodyClass) => {
      const { page } = example;
      await runCommand(page, "Preferences: Color Theme");
      await pick(page, theme);
      const tab = await panel(page, "editor");
      await tab.locator(`body.${bodyClass}`).waitFor();
      await page.screenshot({ path: path.join(screens, `theme-${bodyClass.replace("vscode-", "")}.png`) });
      // WCAG's minimum for graphics; axes with the colours of the previous theme would fall below it.
      await expect.poll(() => axisContrast(page)).toBeGreaterThan(3);
      await expect.poll(() => colours(page, "editor", "heat")).toBeGreaterThan(20);
    },
  );
});
