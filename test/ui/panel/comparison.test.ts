import { describe, expect, it } from "vitest";
import { sampled } from "../../budget.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

const three =
  "host.begin({ gain: [0.9, 0.985] }, 400); host.offer('lstm', { type: 'lstm', gain: [0.94, 0.999], halfLife: 120 }, 500); host.offer('base', { gain: [0.8, 0.82], halfLife: 900, timesteps: 60 }, 300);";

const browser = await panelBrowser();

async function choose(panel: PanelPage, ...models: readonly string[]): Promise<void> {
  await panel.page.click(".compare summary");
  for (const model of models) await panel.page.check(`.compare-list label:has-text("${model} ·")`);
  await panel.page.keyboard.press("Escape");
  await panel.settle();
}

describe("comparing runs", () => {
  it("is chosen with the keyboard, with the extended model first", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: three });
    expect(await panel.page.isVisible(".comparison")).toBe(false);
    await panel.page.focus(".compare summary");
    await panel.page.keyboard.press("Enter");
    await panel.page.keyboard.press("Tab");
    expect(await panel.page.textContent(".compare-list li:first-child")).toMatch(/^base · .*extends$/);
    await panel.page.keyboard.press("Space");
    await panel.settle();
    expect(await panel.posted("compare")).toEqual([{ type: "compare", runIds: ["base"] }]);
    expect(await panel.page.textContent(".compare summary")).toBe("Compare (1)");
    await panel.page.keyboard.press("Escape");
    expect(await panel.page.evaluate("document.activeElement?.tagName")).toBe("SUMMARY");
    expect(await panel.page.isVisible(".compare-list")).toBe(false);
    await panel.close();
  });

  it("draws the other runs' curves over both charts, with a legend and columns of the tables", async () => {
    const panel = await browser.open({ before: three });
    const alone = [await panel.drawing("loss"), await panel.drawing("profile"), await panel.drawing("heat")];
    await choose(panel, "base", "lstm");
    const [loss, profile, heat] = [
      await panel.drawing("loss"),
      await panel.drawing("profile"),
      await panel.drawing("heat"),
    ];
    expect(loss).not.toBe(alone[0]);
    expect(profile).not.toBe(alone[1]);
    expect(heat).toBe(alone[2]);
    for (const block of ["loss", "profile"])
      expect(await panel.page.locator(`.${block} .compared-keys .key`).allTextContents()).toEqual([
        "tanh",
        "base",
        "lstm",
      ]);
    for (const button of await panel.page.locator("button.tool:visible").all()) await button.click();
    await panel.settle();
    const cells = (block: string, row: string) => panel.page.locator(`.${block} ${row}`).allTextContents();
    expect(await cells("loss", "thead th")).toEqual(["step", "loss", "base", "lstm"]);
    // The base ended after 300 of the 400 steps.
    expect((await cells("loss", "tbody tr:first-child > *"))[2]).toBe("–");
    expect((await cells("loss", "tbody tr:first-child > *"))[3]).toMatch(/^0\.\d+$/);
    const profileHead = await cells("profile", "thead th");
    expect(profileHead.slice(-2)).toEqual(["base", "lstm"]);
    // Sequences are aligned at the end: the base's first of 60 timesteps is the 41st here.
    const at = async (t: number) => (await cells("profile", `tbody tr:nth-child(${101 - t}) > *`))[4];
    expect([await at(100), await at(41)].every((text) => text?.endsWith("decades"))).toBe(true);
    expect(await at(40)).toBe("NaN");
    await panel.close();
  });

  it("shows their figures side by side, and how the selected run differs", async () => {
    const panel = await browser.open({ before: three });
    await choose(panel, "base");
    const row = (title: string) =>
      panel.page.locator(`.comparison tr:has(th:text-is("${title}")) td`).allTextContents();
    expect(await panel.page.locator(".comparison thead th").allTextContents()).toEqual(["tanh", "base"]);
    expect(await row("Steps")).toEqual(["400", "300+100"]);
    expect(await row("Reach")).toEqual([
      expect.stringMatching(/^\d+ of 99$/),
      expect.stringMatching(/^\d+ of 59\+\d+$/),
    ]);
    expect(await row("layers[0].units")).toEqual(["8", "base"]);
    await panel.page.click(".compare summary");
    await panel.page.uncheck('.compare-list label:has-text("base ·")');
    await panel.settle();
    expect(await panel.page.isVisible(".comparison")).toBe(false);
    await panel.close();
  });

  it("has the test loss beside the others if a run was tested", { tags: "thorough" }, async () => {
    const panel = await browser.open({
      before:
        "host.begin({ testEvery: 50 }, 400); host.offer('base', {}, 300); host.offer('tested', { testEvery: 100 }, 300);",
    });
    await choose(panel, "base", "tested");
    const row = panel.page.locator('.comparison tr:has(th:text-is("Test loss")) td');
    await expect.poll(() => row.allTextContents()).toEqual(["0.29", "–", "0.28×1.036"]);
    await panel.page.click(".compare summary");
    await panel.page.uncheck('.compare-list label:has-text("tested ·")');
    await panel.settle();
    await expect.poll(() => row.allTextContents()).toEqual(["0.29", "–"]);
    await panel.close();
    const untested = await browser.open({ before: three });
    await choose(untested, "base");
    expect(await untested.page.locator('.comparison th:text-is("Test loss")').count()).toBe(0);
    await untested.close();
  });

  it("shows of another program's run what it has", async () => {
    const panel = await browser.open({ before: `${three} host.offerForeign('torch', 60);` });
    await choose(panel, "torch");
    const row = (title: string) =>
      panel.page.locator(`.comparison tr:has(th:text-is("${title}")) td`).allTextContents();
    expect((await row("Loss"))[1]).toMatch(/^0\.\d+×/);
    for (const title of ["Reach", "Largest ‖∇W‖", "Findings"]) expect((await row(title))[1]).toBe("–");
    // Only one of them has it.
    expect(await row("accuracy/epoch")).toEqual([]);
    await panel.screenshot("compare-foreign");
    await panel.close();
  });

  it("shows of two other programs' runs what both have, and nothing that neither has", {
    tags: "thorough",
  }, async () => {
    const panel = await browser.open({ before: "host.beginForeign(100); host.offerForeign('keras', 60);" });
    await choose(panel, "keras");
    const row = (title: string) =>
      panel.page.locator(`.comparison tr:has(th:text-is("${title}")) td`).allTextContents();
    expect(await row("Steps")).toEqual(["100", "60+40"]);
    expect(await row("accuracy/epoch")).toEqual(["0.932", expect.stringMatching(/^0\.849×/)]);
    expect(await row("layers[0].units")).toEqual(["8", "keras"]);
    for (const title of ["Reach", "Baseline", "Decades", "Findings"]) expect(await row(title)).toEqual([]);
    await panel.screenshot("compare-two-foreign");
    await panel.close();
  });

  it("asks the host for runs that are not in memory", async () => {
    const panel = await browser.open({ before: three });
    await panel.page.click(".compare summary");
    await panel.page.click(".compare .more-runs");
    expect(await panel.posted("command")).toEqual([{ type: "command", command: "compare" }]);
    await panel.close();
  });

  it("comes back with the snapshot after a reload", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: three });
    await choose(panel, "lstm");
    const before = await panel.drawing("profile");
    await panel.host("host.sendSnapshot()");
    await panel.settle();
    expect(await panel.page.textContent(".compare summary")).toBe("Compare (1)");
    expect(await panel.drawing("profile")).toBe(before);
    await panel.close();
  });

  it("ignores figures and histories that do not fit", async () => {
    const panel = await browser.open({ before: three });
    for (const garbage of [
      "{ type: 'compared', runId: 'demo-1', figures: new Float64Array(3), runIds: [], changed: [] }",
      "{ type: 'compared', runId: 'demo-1', figures: null, runIds: ['x'], changed: [{ runId: 'x', history: {}, figures: new Float64Array(13) }] }",
      "{ type: 'compared', runId: 'demo-1', figures: null, runIds: ['a', 'b', 'c', 'd', 'e'], changed: [] }",
    ])
      await panel.host(`host.send(${garbage})`);
    await panel.settle();
    expect(panel.errors).toEqual([]);
    expect(await panel.page.isVisible(".comparison")).toBe(false);
    await panel.close();
  });

  const looks = [
    ["dark", 1200],
    ["light", 1200],
    ["high-contrast", 590],
    ["light", 320],
  ] as const;
  it.each(sampled(looks, 4, 0, 1))("is readable and accessible in %s at %i px", async (theme, width) => {
    const panel = await browser.open({ theme, width, height: width < 1000 ? 1900 : 1150, before: three });
    const ground = theme === "dark" ? "#1f1f1f" : theme === "high-contrast" ? "#000000" : "#ffffff";
    await panel.page.evaluate(`document.body.style.backgroundColor = "${ground}"`);
    await choose(panel, "base", "lstm");
    await panel.screenshot(`compare-${theme}-${width}`);
    await panel.page.click(".compare summary");
    await panel.screenshot(`compare-picker-${theme}-${width}`);
    expect(await panel.page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(await panel.accessibilityFaults()).toEqual([]);
    await panel.close();
  });
});
