/** Tests the tiles of all models of a config. */

import { describe, expect, it } from "vitest";
import { panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

const tile = (model: string, severity: string | null, verdict: string): string =>
  JSON.stringify({ runId: `run-${model}`, model, going: false, severity, verdict, picture: "▅▃▁▁", loss: "loss 0.2" });

describe("the models of a config", () => {
  it("stand side by side with their verdicts, and show their runs when clicked", async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.end();" });
    const tiles = panel.page.locator(".tiles .tile");
    await panel.host(`host.send({ type: "tiles", tiles: [${tile("tanh", "warning", "gradient reaches 3 of 99")}] })`);
    await panel.settle();
    expect(await panel.page.locator(".models").isVisible()).toBe(false);
    const both = [tile("tanh", "warning", "gradient reaches 3 of 99"), tile("lstm", null, "gradient reaches 99 of 99")];
    await panel.host(`host.send({ type: "tiles", tiles: [${both.join()}] })`);
    // Tiles are drawn in a frame of their own.
    await expect
      .poll(() => tiles.allInnerTexts())
      .toEqual([
        expect.stringMatching(/tanh[\s\S]*gradient reaches 3 of 99[\s\S]*loss 0\.2/),
        expect.stringMatching(/lstm[\s\S]*gradient reaches 99 of 99/),
      ]);
    expect(await tiles.nth(1).getAttribute("aria-label")).toBe(
      "lstm, nothing found, gradient reaches 99 of 99, loss 0.2",
    );
    await tiles.nth(1).click();
    expect(await panel.posted("select")).toEqual([{ type: "select", runId: "run-lstm" }]);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });
});
