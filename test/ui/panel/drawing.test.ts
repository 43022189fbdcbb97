import { describe, expect, it } from "vitest";
import { formatCount } from "../../../src/protocol/numberText.ts";
import { sequential } from "../../../webview/theme/colourMap.ts";
import type { Measured } from "./harness/fakeHost.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

/** The area of a chart's plot in its canvas, in CSS pixels; the axes' tick labels have a fixed size. */
async function plotArea(
  panel: PanelPage,
  block: string,
): Promise<{ left: number; right: number; top: number; bottom: number }> {
  return panel.page.evaluate(`(() => {
    const canvas = document.querySelector(".${block} canvas");
    return { left: 50, right: canvas.clientWidth - 8, top: ${block === "heat" ? 4 : 32}, bottom: canvas.clientHeight };
  })()`);
}

function rgb(at: number): readonly number[] {
  return (sequential.css(at).match(/\d+/g) ?? []).map(Number);
}

describe("the panel draws", () => {
  it("all charts from a snapshot, and describes the run", async () => {
    const panel = await browser.open({ before: "host.begin({}, 300); host.withFindings();" });
    for (const block of ["loss", "heat", "profile"]) {
      const colours = await panel.page.evaluate<number>(`(() => {
        const canvas = document.querySelector(".${block} canvas");
        const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
        return new Set(pixels).size;
      })()`);
      expect(colours, block).toBeGreaterThan(20);
    }
    expect(await panel.page.textContent(".facts")).toContain("step 300 / 2000 · WASM, 2 threads · 4.");
    expect(await panel.page.textContent(".findings-list")).toContain("timesteps 1–65");
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("a heat map's cell in the colour of its value", async () => {
    const panel = await browser.open({ before: "host.begin({ timesteps: 10 }, 20);" });
    await panel.page.selectOption("select[aria-label='Colour range']", "fixed");
    await panel.settle();
    const area = await plotArea(panel, "heat");
    // 20 columns of equal width; the axis below takes the rest of the height, so cells are located from the top.
    const bottom = await panel.page.evaluate<number>(`(() => {
      const canvas = document.querySelector(".heat canvas");
      const ctx = canvas.getContext("2d");
      let y = canvas.clientHeight - 1;
      while (y > 0 && ctx.getImageData(60, y, 1, 1).data[3] !== 255) y--;
      return y + 1;
    })()`);
    const cellHeight = (bottom - area.top) / 10;
    for (const [columnsBack, timestep] of [
      [3, 10],
      [9, 4],
      [15, 7],
    ] as const) {
      const { value } = await panel.host<{ value: number }>(`host.cell(0, ${columnsBack}, ${timestep})`);
      const x = area.right - ((columnsBack + 0.25) * (area.right - area.left)) / 20;
      const y = area.top + (10 - timestep + 0.2) * cellHeight;
      const [r, g, b] = await panel.pixel("heat", x, y);
      // The fixed range reaches from −12 to +2 decades.
      expect([r, g, b]).toEqual(rgb((value + 12) / 14));
    }
    await panel.close();
  });

  it("the heat map of an ended run up to its last step, however soon after the one before", {
    tags: "thorough",
  }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 50);" });
    // The first drawing is recent, so remembered values would be used again if the run had not ended.
    await panel.host(
      `new Promise((done) => {
        host.stream(1);
        requestAnimationFrame(() => requestAnimationFrame(() => { host.stream(1, 250); host.end(); done(); }));
      })`,
    );
    await panel.settle();
    const atEnd = await panel.drawing("heat");
    // Switching the theme and back redraws everything after the remembered values are too old.
    await panel.host("host.setTheme('light')");
    await panel.settle();
    expect(await panel.drawing("heat")).not.toBe(atEnd);
    await panel.host("host.setTheme('dark')");
    await panel.settle();
    expect(await panel.drawing("heat")).toBe(atEnd);
    await panel.close();
  });

  it("NaN, infinity and zero with marks of their own", async () => {
    const panel = await browser.open({ before: "host.begin({ timesteps: 10, brokenFrom: 1 }, 4);" });
    const area = await plotArea(panel, "heat");
    const colours = async (timestep: number): Promise<Set<string>> => {
      const bottom = area.top + (area.bottom - area.top) * 0.88;
      const y = area.top + ((10 - timestep + 0.5) * (bottom - area.top)) / 10;
      const found = new Set<string>();
      for (let x = 0; x < 12; x++) found.add(String(await panel.pixel("heat", area.left + 100 + x, y)));
      return found;
    };
    const [zero, nan, infinity, number] = [await colours(1), await colours(4), await colours(5), await colours(9)];
    expect(number.size).toBe(1);
    expect([...nan]).toContain("241,76,76,255");
    expect([...infinity]).toContain("209,134,22,255");
    expect([...zero]).not.toContain("241,76,76,255");
    expect([...zero].some((c) => c.endsWith(",0"))).toBe(true);
    expect([...nan].filter((c) => infinity.has(c) && c.endsWith(",255") && !c.startsWith("31,"))).toEqual([]);
    expect(await panel.page.textContent(".heat-legend")).toMatch(/NaN.*∞.*0/);
    await panel.close();
  });

  it("streamed steps, one by one", async () => {
    const panel = await browser.open({ before: "host.begin({}, 50);" });
    const before = {
      heat: await panel.drawing("heat"),
      loss: await panel.drawing("loss"),
      profile: await panel.drawing("profile"),
    };
    await panel.host("host.stream(20)");
    await panel.settle();
    expect(await panel.page.textContent(".facts")).toContain("step 70 /");
    for (const block of ["heat", "loss", "profile"] as const)
      expect(await panel.drawing(block)).not.toBe(before[block]);
    expect((await panel.posted("ready")).length).toBe(1);
    await panel.close();
  });

  it("a heat map that grew step by step like one that was there at once", async () => {
    const options = "{ timesteps: 10, brokenFrom: 1 }";
    const grown = await browser.open({ before: `host.begin(${options}, 3);` });
    for (let step = 4; step <= 8; step++) {
      await grown.host("host.stream(1)");
      await grown.settle();
    }
    const whole = await browser.open({ before: `host.begin(${options}, 8);` });
    // Colours and horizon of a run that goes on may be those of a moment ago.
    for (const panel of [grown, whole]) {
      await panel.host("host.end()");
      await panel.settle();
    }
    expect((await grown.drawing("heat")) === (await whole.drawing("heat")), "the same pixels").toBe(true);
    await whole.close();
    await grown.close();
  });

  it("everything at 30 frames a second: three layers, T = 200, after 10 000 steps", { tags: "thorough" }, async () => {
    const panel = await browser.open({
      width: 1400,
      height: 1000,
      threads: true,
      before: "host.begin({ recurrent: 3, timesteps: 200, plannedSteps: null }, 10_000, 8);",
    });
    const { gaps, busy, lastStep } = await panel.host<Measured>("host.prepare(3, 8).then(() => host.measure(3))");
    await panel.settle();
    expect(await panel.page.textContent(".facts")).toContain(`step ${formatCount(lastStep)} `);
    expect(await panel.posted("ready")).toHaveLength(1);
    expect(panel.errors).toEqual([]);
    const at = (values: readonly number[], share: number): string =>
      ([...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0).toFixed(1);
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    console.log(
      `panel while streaming: ${(1000 / mean).toFixed(0)} animation frames/s, script per frame ${at(busy, 0.5)} ms (median), ${at(busy, 0.9)} ms (90th percentile)`,
    );
    await panel.close();
  });

  it("the figures that another program wrote, at the cursor's step", async () => {
    const panel = await browser.open({ before: "host.beginForeign(105);" });
    expect(await panel.page.locator(".metric-name").allTextContents()).toEqual(["accuracy/epoch", "grad_norm"]);
    expect(await panel.page.locator(".metric .figure").allTextContents()).toEqual(["0.932", "2.84"]);
    expect(await panel.page.locator(".metric-range").first().textContent()).toBe("0.591 to 0.932");
    expect(await panel.page.locator(".layers").isVisible()).toBe(false);
    expect(await panel.page.innerText(".findings")).toMatch(/Nothing found: no layer was measured/);
    await panel.page.locator(".loss [role=slider]").press("Home");
    await panel.settle();
    await expect.poll(() => panel.page.locator(".metric .figure").allTextContents()).toEqual(["–", "2.2"]);
    await panel.screenshot("panel-foreign");
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("in the colours of a new theme at once", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 60);" });
    const before = {
      loss: await panel.drawing("loss"),
      profile: await panel.drawing("profile"),
      heat: await panel.drawing("heat"),
    };
    await panel.host("host.setTheme('light')");
    await panel.settle();
    for (const block of ["loss", "profile", "heat"] as const)
      expect(await panel.drawing(block)).not.toBe(before[block]);
    await panel.close();
  });

  it("gates and gains of an LSTM on request", async () => {
    const panel = await browser.open({ before: "host.begin({ type: 'lstm', recurrent: 2 }, 40);" });
    await panel.page.click(".switch >> text=gates");
    await panel.page.selectOption("select[aria-label='Channel']", "gate.forget.high");
    await panel.settle();
    expect(await panel.page.textContent(".heat h2")).toBe("share of forget gate > 0.9");
    expect(await panel.page.textContent(".heat .readout")).toMatch(/\d+ %$/);
    await panel.page.selectOption("select[aria-label='Recurrent layer']", "lstm_1");
    await panel.page.click(".switch >> text=gain");
    await panel.settle();
    expect(await panel.page.textContent(".heat .readout")).toMatch(/×0\.\d+$/);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("in a side bar of 240 pixels without scrolling sideways", { tags: "thorough" }, async () => {
    const panel = await browser.open({
      width: 240,
      before: "host.begin({ type: 'lstm', recurrent: 3 }, 100); host.withFindings();",
    });
    for (const width of [240, 300, 520, 800]) {
      await panel.page.setViewportSize({ width, height: 860 });
      await panel.settle();
      expect(await panel.page.evaluate("document.documentElement.scrollWidth"), `${width} px`).toBe(width);
    }
    await panel.close();
  });
});
