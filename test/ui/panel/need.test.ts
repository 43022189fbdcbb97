import { describe, expect, it } from "vitest";
import { panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

describe("the measured need", () => {
  it("is one line beside the reach of the layers, once measured", async () => {
    const panel = await browser.open({ before: "host.begin({}, 40);" });
    const line = panel.page.locator(".layers .readout");
    expect(await line.isVisible()).toBe(false);
    await panel.host("host.need(3, 100)");
    await panel.settle();
    expect(await line.textContent()).toBe("measured: the net uses the last 4 of 100 timesteps");
    expect(await line.isVisible()).toBe(true);
    // The measurement of another run is not attributed to this one.
    await panel.host(
      `host.send({ type: "need", runId: "other", need: { lag: 9, timesteps: 100, loss: 1, lossWithout: 1, samples: 1, held: false, curve: [] } })`,
    );
    await panel.host("host.need(null, 100)");
    await panel.settle();
    expect(await line.textContent()).toMatch(/^measured: the net does not use its inputs/);
    await panel.close();
  });
});
