import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  activityIcon,
  colours,
  type ExampleInVsCode,
  lenses,
  openExample,
  panel,
  runCommand,
  screens,
} from "./exampleInVsCode.ts";

describe("the panel in VS Code", () => {
  let example: ExampleInVsCode;
  beforeAll(async () => {
    example = await openExample("vanishing-sigmoid");
    await lenses(example.page, /gradient reaches/)
      .first()
      .waitFor({ timeout: 60_000 });
  });
  afterAll(() => example.close());

  it("draws the run in the side view", async () => {
    await activityIcon(example.page).click();
    const side = panel(example.page, "webviewView");
    await side.locator(".chart.heat canvas").waitFor();
    await expect.poll(() => colours(side.locator(".chart.heat canvas")), { timeout: 20_000 }).toBeGreaterThan(20);
    expect(await colours(side.locator(".chart.loss canvas"))).toBeGreaterThan(3);
    const sideways = await side.locator("body").evaluate((body) => body.scrollWidth - body.clientWidth);
    expect(sideways).toBeLessThanOrEqual(0);
    await example.page.screenshot({ path: path.join(screens, "panel-side.png") });
  });

  it("keeps what was chosen when it is hidden and shown again", async () => {
    const side = panel(example.page, "webviewView");
    await side.getByRole("button", { name: "gain", exact: true }).click();
    await activityIcon(example.page).click();
    await example.page.locator("iframe.webview").first().waitFor({ state: "hidden" });
    await activityIcon(example.page).click();
    const gain = side.getByRole("button", { name: "gain", exact: true });
    await gain.waitFor();
    expect(await gain.getAttribute("aria-pressed")).toBe("true");
    await expect.poll(() => colours(side.locator(".chart.heat canvas")), { timeout: 20_000 }).toBeGreaterThan(20);
  });

  it("follows a training run in an editor tab, and stops it", async () => {
    const { page } = example;
    await runCommand(page, "Gradient Lens: Open Panel in Editor");
    await activityIcon(page).click();
    const tab = panel(page, "webviewPanel");
    await tab.getByRole("button", { name: "Train" }).click();
    const stop = tab.getByRole("button", { name: "Stop" });
    await stop.waitFor();
    const facts = tab.locator(".facts");
    const step = async () => Number(/step ([\d,. ]+)/.exec((await facts.textContent()) ?? "")?.[1]?.replace(/\D/g, ""));
    await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(3);
    const before = await step();
    await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(before);
    await page.screenshot({ path: path.join(screens, "panel-tab.png") });
    await stop.click();
    await stop.waitFor({ state: "hidden", timeout: 30_000 });
    expect(await colours(tab.locator(".chart.heat canvas"))).toBeGreaterThan(20);
  });

  it("comes back when the window is loaded anew", async () => {
    const { page } = example;
    await page.reload();
    const tab = panel(page, "webviewPanel");
    await expect
      .poll(() => colours(tab.locator(".chart.heat canvas")).catch(() => 0), { timeout: 90_000 })
      .toBeGreaterThan(20);
  });
});
