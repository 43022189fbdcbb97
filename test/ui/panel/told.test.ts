/** Tests that the panel names what it shows: which step a figure is of, units, the meaning of what is drawn; and offers fixes as buttons. */

import { describe, expect, it } from "vitest";
import { modelSummary } from "../../../src/diagnosis/text/summary.ts";
import { createHistory } from "../../../src/protocol/history/store.ts";
import { sampled } from "../../budget.ts";
import { DemoRun, vanishingTanh } from "./harness/demoRun.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

const allThemes = ["dark", "light", "high-contrast", "high-contrast-light"] as const;

/** Script for the page: `seen`, a colour as it looks on the background, and `contrast` with it, as WCAG defines it. */
const colourTools = `
  const style = getComputedStyle(document.body);
  const swatch = document.createElement("canvas").getContext("2d");
  const seen = (colour) => {
    for (const fill of [style.getPropertyValue("--vscode-editor-background"), colour]) {
      swatch.fillStyle = fill;
      swatch.fillRect(0, 0, 1, 1);
    }
    return [...swatch.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const background = seen("#0000");
  const luminance = (colour) => {
    const [r, g, b] = colour.map((v) => (v <= 10 ? v / 3294 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (colour) => {
    const [a, b] = [luminance(colour), luminance(background)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };`;

/** The first run whose newest step reaches as far as no lens says, and what the lens says. */
function uneven(): { readonly steps: number; readonly newest: number; readonly lens: string } {
  const run = new DemoRun(vanishingTanh);
  const history = createHistory(run.info);
  for (let steps = 1; steps <= 200; steps++) {
    history.append(run.frame());
    const lens = /\d+ of 99/.exec(modelSummary(history, []).reach)?.[0] ?? "";
    const newest = Math.min(99, history.latest("horizon", 0, "h") ?? Number.NaN);
    if (steps > 50 && Number.parseInt(lens, 10) !== newest) return { steps, newest, lens };
  }
  throw new Error("every step reaches as far as the median");
}

const reach = (panel: PanelPage) => panel.page.locator(".layers tr.layer td.reach .figure").first();

describe("the reach of a layer", () => {
  it("is that of the lens, and that of one step, which it names, under the cursor", async () => {
    const { steps, newest, lens } = uneven();
    const panel = await browser.open({ before: `host.begin({}, ${steps});` });
    expect(await reach(panel).textContent()).toBe(lens);
    expect(await reach(panel).getAttribute("title")).toContain("Median of the newest steps.");
    // From the newest step one back, and to it again: the cursor then stays there.
    await panel.page.focus(".loss [role=slider]");
    await panel.page.keyboard.press("ArrowLeft");
    await panel.settle();
    await expect.poll(() => reach(panel).getAttribute("title")).toContain(`At step ${steps - 1}.`);
    await panel.page.keyboard.press("Escape");
    await panel.settle();
    await expect.poll(() => reach(panel).textContent()).toBe(lens);
    expect(lens).not.toBe(`${newest} of 99`);
    await panel.close();
  });
});

describe("a finding", () => {
  it("has its fixes as buttons, which name finding and fix to the host, and none of them once its model was edited", async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.withFindings(); host.end();" });
    await panel.page.locator(".findings-list summary").first().click();
    const apply = panel.page.getByRole("button", { name: /^Apply.*Use an LSTM with forget bias 1/ });
    await apply.click();
    await panel.page.getByRole("button", { name: /^Preview.*Use an LSTM with forget bias 1/ }).click();
    const named = { findingId: "vanishing-through-time|tanh|simple_rnn|", fixId: "lstm" };
    expect(await panel.posted("applyFix")).toEqual([{ type: "applyFix", ...named }]);
    expect(await panel.posted("previewFix")).toEqual([{ type: "previewFix", ...named }]);
    await panel.host("host.findings = [{ ...host.findings[0], stale: true }]");
    await panel.host("host.send({ type: 'findings', runId: 'demo-1', findings: host.findings })");
    await panel.settle();
    expect(await apply.isDisabled()).toBe(true);
    await panel.close();
  });

  it("has its evidence with names and units, never by its keys", async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.withFindings(); host.end();" });
    await panel.page.locator(".findings-list summary").first().click();
    const evidence = await panel.page.locator(".evidence").first().innerText();
    expect(evidence).toMatch(/34 timesteps/);
    expect(evidence).toMatch(/×0\.87/);
    expect(evidence).not.toMatch(/[a-z][A-Z]|\d\.0\b/);
    await panel.close();
  });

  it("has a key for its bar in the legends of both charts of timesteps, in the colour of its severity", {
    tags: "thorough",
  }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 20);" });
    const keys = panel.page.locator(".heat .line.finding:visible, .profile .line.finding:visible");
    expect(await keys.count()).toBe(0);
    await panel.host("host.withFindings()");
    await panel.host("host.send({ type: 'findings', runId: 'demo-1', findings: host.findings })");
    await panel.settle();
    await expect.poll(() => keys.count()).toBe(2);
    for (const key of await keys.all()) expect(await key.getAttribute("class")).toContain("warning");
    await panel.close();
  });

  it.each(sampled(allThemes, 4, 1, 1))("has a bar that stands out from the background: %s", async (theme) => {
    const panel = await browser.open({ theme, before: "host.begin({}, 20); host.withFindings(); host.end();" });
    const contrast = await panel.page.evaluate<number>(`(() => {
      ${colourTools}
      return contrast(seen(getComputedStyle(document.querySelector(".profile .line.finding")).borderTopColor));
    })()`);
    expect(contrast).toBeGreaterThan(3);
    await panel.close();
  });
});

describe("the profile", () => {
  it("says that its band is of single samples, which the line of the whole batch may leave", {
    tags: "thorough",
  }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 20);" });
    const band = panel.page.locator(".profile .key", { hasText: "single samples, 10–90 %" });
    expect(await band.isVisible()).toBe(true);
    expect(await band.getAttribute("title")).toMatch(/batch/);
    await panel.close();
  });
});

describe("gridlines", () => {
  it.each(sampled(allThemes, 4, 0, 1))("are quieter than the data: %s", async (theme) => {
    const panel = await browser.open({ theme, before: "host.begin({}, 200);" });
    const { grid, data } = await panel.page.evaluate<{ grid: number; data: number }>(`(() => {
      ${colourTools}
      const canvas = document.querySelector(".loss canvas");
      const series = seen(style.getPropertyValue("--vscode-charts-blue"));
      // The gridlines take the most pixels of all that is drawn besides the series.
      const { data } = canvas.getContext("2d").getImageData(60, 10, canvas.width - 80, canvas.height - 60);
      const counts = new Map();
      for (let i = 0; i < data.length; i += 4) {
        const alpha = data[i + 3] / 255;
        const shown = background.map((under, c) => Math.round(alpha * data[i + c] + (1 - alpha) * under));
        if (contrast(shown) < 1.02 || shown.every((v, c) => Math.abs(v - series[c]) < 40)) continue;
        counts.set(shown.join(), (counts.get(shown.join()) ?? 0) + 1);
      }
      const [most] = [...counts].sort((a, b) => b[1] - a[1])[0];
      return { grid: contrast(most.split(",").map(Number)), data: contrast(series) };
    })()`);
    expect(grid).toBeGreaterThan(1.02);
    expect(grid).toBeLessThan(data / 1.5);
    await panel.close();
  });
});
