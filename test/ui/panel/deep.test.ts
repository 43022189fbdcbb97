/**
 * Tests the deep probe's block: its empty, busy, failed and full states, and its charts for sighted and blind users.
 */

import { describe, expect, it } from "vitest";
import { sampled } from "../../budget.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

const valueText = (panel: PanelPage, chart: string): Promise<string | null> =>
  panel.page.getAttribute(`.deep .${chart} [role=slider]`, "aria-valuetext");

describe("the deep probe in the panel", () => {
  it("is offered for each recurrent layer of the displayed run, and requested with its training steps", async () => {
    const panel = await browser.open({ before: "host.begin({ type: 'lstm', recurrent: 2 }, 20); host.end();" });
    expect(await panel.page.textContent(".deep .about")).toMatch(/Analyses one recurrent layer/);
    expect(await panel.page.locator(".deep-charts").isVisible()).toBe(false);
    const layers = await panel.page
      .locator(".deep select[aria-label='Layer of the deep probe'] option")
      .allInnerTexts();
    expect(layers.length).toBe(2);
    await panel.page.selectOption(".deep select[aria-label='Layer of the deep probe']", layers[1]!);
    await panel.page.selectOption(".deep select[aria-label='Training before the deep probe']", "100");
    await panel.page.click(".deep button:has-text('Deep probe')");
    expect(await panel.posted("deepProbe")).toEqual([{ type: "deepProbe", layer: layers[1], steps: 100 }]);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("is offered for the checkpoints that the displayed run keeps", { tags: "thorough" }, async () => {
    const training = "select[aria-label='Training before the deep probe']";
    const panel = await browser.open({
      before: "host.checkpoints = ['last', 'best']; host.begin({ kind: 'train' }, 20);",
    });
    expect((await panel.page.locator(`.deep ${training} option`).allInnerTexts()).slice(0, 3)).toEqual([
      "this run's last checkpoint",
      "this run's best checkpoint",
      "fresh model",
    ]);
    await panel.page.selectOption(`.deep ${training}`, "best");
    await panel.page.click(".deep button:has-text('Deep probe')");
    expect(await panel.posted("deepProbeCheckpoint")).toMatchObject([{ kind: "best", layer: expect.any(String) }]);
    await panel.host("host.withDeep(null, { checkpoint: 'best' })");
    await panel.settle();
    expect(await panel.page.innerText(".deep > .block-head .readout")).toMatch(/this run's best checkpoint, step 0 · /);
    // A model of a run that keeps none is probed from its beginning.
    await panel.host("(host.checkpoints = [], host.end())");
    await panel.settle();
    expect(await panel.page.inputValue(`.deep ${training}`)).toBe("0");
    await panel.page.click(".deep button:has-text('Deep probe')");
    expect(await panel.posted("deepProbe")).toMatchObject([{ steps: 0 }]);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("shows its progress, can be stopped, and says why it failed", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 20);" });
    await panel.host("host.withDeep({ kind: 'busy', stage: 'Lyapunov exponents', share: 0.4 })");
    await panel.settle();
    expect(await panel.page.textContent(".deep [role=status]")).toBe("Lyapunov exponents");
    expect(await panel.page.evaluate("document.querySelector('.deep progress').value")).toBe(0.4);
    await panel.page.click(".deep button:has-text('Stop')");
    expect(await panel.posted("stopDeepProbe")).toHaveLength(1);
    await panel.host("host.withDeep({ kind: 'failed', message: 'It has dropout.' })");
    await panel.settle();
    expect(await panel.page.innerText(".deep [role=alert]")).toBe("It has dropout.");
    expect(await panel.page.locator(".deep-charts").isVisible()).toBe(false);
    expect(await panel.page.locator(".deep button:has-text('Deep probe')").isVisible()).toBe(true);
    await panel.close();
  });

  it("shows its figures with their sentences, also after hide or reload", async () => {
    const panel = await browser.open({ before: "host.begin({ type: 'lstm' }, 20); host.withDeep();" });
    await panel.settle();
    expect(await panel.page.locator(".deep .reading").allInnerTexts()).toHaveLength(4);
    expect(await panel.page.innerText(".deep .exponents .reading")).toMatch(/shrinks by ×0\.905 per timestep/);
    expect(await panel.page.innerText(".deep > .block-head .readout")).toMatch(
      /fresh model · 60 timesteps · 8 sequences · 2\.13 s$/,
    );
    expect(await valueText(panel, "flow")).toBe("k = 60 · t = 1 · −9.8 decades");
    // Less of c is lost.
    await panel.page.click(".deep .flow .switch button:has-text('c')");
    expect(await valueText(panel, "flow")).toBe("k = 60 · t = 1 · −6.9 decades");
    await panel.host("host.withDeep(null, { stale: true })");
    await panel.settle();
    expect(await panel.page.locator(".deep .stale-note").isVisible()).toBe(true);
    await panel.host("host.withDeep(null, { model: 'another' })");
    await panel.settle();
    expect(await panel.page.locator(".deep-charts").isVisible()).toBe(false);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("draws the few losses of a net that answers at its end as rows", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.withOneLoss();", height: 2000 });
    await panel.settle();
    expect(await valueText(panel, "flow")).toBe("k = 60 · t = 1 · −9.8 decades");
    const { height } = (await panel.page.locator(".deep .flow .plot").boundingBox()) ?? { height: 0 };
    const other = (await panel.page.locator(".deep .products .plot").boundingBox()) ?? { height: 0 };
    expect(height).toBeLessThan(0.6 * other.height);
    await panel.page.focus(".deep .flow [role=slider]");
    for (const key of ["ArrowRight", "ArrowRight", "ArrowUp"]) await panel.page.keyboard.press(key);
    expect(await valueText(panel, "flow")).toBe("k = 60 · t = 3 · −9.5 decades");
    expect(await panel.page.getAttribute(".deep .flow [role=slider]", "aria-valuenow")).toBe("3");
    await panel.page.keyboard.press("End");
    expect(await valueText(panel, "flow")).toBe("k = 60 · t = 60 · −1.0 decades");
    // Timesteps lie to the right: the pointer near the left edge is at an early one.
    await panel.page.locator(".deep .flow .plot").hover({ position: { x: 70, y: 40 } });
    expect(await valueText(panel, "flow")).toMatch(/^k = 60 · t = [1-4] · −9\.\d decades$/);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("can be explored with the keyboard, collapsed, and read as tables", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.withDeep();", height: 2000 });
    await panel.settle();
    await panel.page.focus(".deep .flow [role=slider]");
    await panel.page.keyboard.press("ArrowUp");
    await panel.page.keyboard.press("ArrowLeft");
    expect(await valueText(panel, "flow")).toBe("k = 59 · t = 2 · −9.5 decades");
    await panel.page.keyboard.press("Home");
    expect(await valueText(panel, "flow")).toBe("k = 1 · t = 2 · later than its loss: zero");
    await panel.page.focus(".deep .exponents [role=slider]");
    await panel.page.keyboard.press("End");
    expect(await valueText(panel, "exponents")).toBe("direction 16: mean ×0.43");
    await panel.page.focus(".deep .products [role=slider]");
    await panel.page.keyboard.press("ArrowRight");
    expect(await valueText(panel, "products")).toMatch(/^span T − t 2: largest −0\.1 decades, median/);
    for (const button of await panel.page.locator(".deep button.tool:visible").all()) await button.click();
    await panel.settle();
    expect(await panel.page.locator(".deep .flow tbody tr").count()).toBe(60);
    expect(await panel.page.innerText(".deep .flow tbody tr:last-child")).toMatch(/^1\s+−1\.0\s.*−9\.8\s+−1\.0$/s);
    expect(await panel.page.innerText(".deep .singular tbody tr:first-child")).toMatch(/^1\s+×1$/);
    await panel.page.click(".deep button.fold");
    await panel.settle();
    expect(await panel.page.locator(".deep-charts").isVisible()).toBe(false);
    expect(await panel.page.getAttribute(".deep button.fold", "aria-expanded")).toBe("false");
    await panel.close();
  });

  it("ignores a result whose arrays do not fit together", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 20);" });
    await panel.host("(host.withDeep(), host.send({ type: 'deep', deep: null }))");
    await panel.host(
      "host.send({ type: 'deep', deep: { ...host.deep, state: { kind: 'done', result: { ...host.deep.state.result, timesteps: 7 } } } })",
    );
    await panel.settle();
    expect(await panel.page.locator(".deep-charts").isVisible()).toBe(false);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  // In CI, each theme at one of the widths.
  it("is visible in every theme, wide and narrow", { tags: "thorough" }, async () => {
    const grounds = { dark: "#1f1f1f", light: "#ffffff", "high-contrast": "#000000", "high-contrast-light": "#ffffff" };
    for (const [at, [theme, ground]] of Object.entries(grounds).entries())
      for (const width of sampled([1200, 340], 2, at)) {
        const before = "host.begin({ type: 'lstm' }, 20); host.end(); host.withDeep();";
        const panel = await browser.open({ theme, width, height: width > 500 ? 1700 : 2800, before });
        await panel.page.evaluate(`document.body.style.backgroundColor = "${ground}"`);
        await panel.settle();
        await panel.screenshot(`deep-${theme}-${width}`);
        const sideways = await panel.page.evaluate<boolean>(
          "document.documentElement.scrollWidth > document.documentElement.clientWidth",
        );
        expect(sideways).toBe(false);
        const cells = await panel.page.locator(".deep canvas:visible").count();
        expect(cells).toBe(4);
        await panel.close();
      }
  });
});
