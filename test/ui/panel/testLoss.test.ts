import { describe, expect, it } from "vitest";
import { sampled } from "../../budget.ts";
import { panelBrowser } from "./panelPage.ts";

const tested = "host.begin({ testEvery: 50 }, 220);";

const browser = await panelBrowser();

describe("the test loss", () => {
  it("is a second line of the loss chart, with a legend, in the table and at the cursor", async () => {
    const panel = await browser.open({ before: tested });
    const keys = panel.page.locator(".loss .loss-keys");
    expect(await keys.locator(".key").allTextContents()).toEqual(["loss of each step", "test loss"]);
    // Step 200 is the newest one that was tested: 0.25 + 200 / 10 000.
    expect(await panel.page.getAttribute(".loss .plot", "aria-valuetext")).toMatch(
      /^step 220, loss .*, test loss 0\.27,/,
    );
    const tool = panel.page.locator(".loss button.tool").last();
    await tool.click();
    await panel.settle();
    const cells = (row: string) => panel.page.locator(`.loss ${row}`).allTextContents();
    expect(await cells("thead th")).toEqual(["step", "loss", "test loss"]);
    // 200 of 220 rows are shown, and all four tests.
    expect(await cells("tbody tr").then((rows) => rows.length)).toBe(200);
    const column = await cells("tbody td:nth-child(3)");
    expect(column.filter((text) => text !== "")).toEqual(["0.27", "0.265", "0.26", "0.255"]);
    await panel.close();
  });

  it("is drawn in the text's colour, which no compared run has, with a point for each test", async () => {
    const panel = await browser.open({ before: tested });
    const foreground = 204;
    const points = await panel.page.evaluate<readonly number[]>(`(() => {
      const canvas = document.querySelector(".loss canvas");
      // The line of the cursor, at the right end, is left out.
      const { data, width, height } = canvas.getContext("2d").getImageData(60, 0, canvas.width - 80, canvas.height - 45);
      const found = [];
      for (let x = 0; x < width; x++) {
        let most = 0;
        let run = 0;
        for (let y = 0; y < height; y++) {
          const at = 4 * (y * width + x);
          const [r, g, b, a] = data.slice(at, at + 4);
          run = [r, g, b].every((v) => Math.abs(v - ${foreground}) <= 2) && a > 150 ? run + 1 : 0;
          most = Math.max(most, run);
        }
        // The line is two pixels thick, a point five.
        if (most >= 4 && x > (found.at(-1) ?? -9) + 5) found.push(x);
      }
      return found;
    })()`);
    const [first = 0, second = 0] = points;
    // After steps 50, 100, 150 and 200.
    expect(points).toEqual([0, 1, 2, 3].map((i) => first + i * (second - first)));
    expect(second - first).toBeGreaterThan(100);
    await panel.close();
  });

  it("has no legend if nothing is kept for testing", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 50);" });
    expect(await panel.page.isVisible(".loss .loss-keys")).toBe(false);
    await panel.close();
  });

  it.each(sampled(["dark", "light", "high-contrast"], 3, 2, 1))(
    "is accessible in %s, beside compared runs, too",
    { tags: "thorough" },
    async (theme) => {
      const panel = await browser.open({ theme, before: `${tested} host.offer('base', {}, 100);` });
      const ground = theme === "dark" ? "#1f1f1f" : theme === "light" ? "#ffffff" : "#000000";
      await panel.page.evaluate(`document.body.style.backgroundColor = "${ground}"`);
      await panel.screenshot(`test-loss-${theme}`);
      await panel.page.click(".compare summary");
      await panel.page.check('.compare-list label:has-text("base ·")');
      await panel.page.keyboard.press("Escape");
      await panel.settle();
      await panel.screenshot(`test-loss-compared-${theme}`);
      expect(await panel.page.locator(".loss .key").allTextContents()).toEqual(["tanh", "base", "test loss"]);
      expect(await panel.accessibilityFaults()).toEqual([]);
      await panel.close();
    },
  );
});
