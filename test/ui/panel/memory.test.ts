import { describe, expect, it } from "vitest";
import { sampled } from "../../budget.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

/** The memory carries the gradient much farther than h and c do. */
const run = "host.begin({ type: 'externalMemory', gain: [0.8, 0.85] }, 60);";

const browser = await panelBrowser();

const views = (panel: PanelPage) => panel.page.locator(".heat .switch button");

describe("an external memory, the third state of a layer", () => {
  it("has its own heat map and profile, with its name and its symbol", async () => {
    const panel = await browser.open({ before: run });
    expect((await views(panel).allTextContents()).slice(0, 3)).toEqual(["h", "c", "memory"]);
    const ofH = [await panel.drawing("heat"), await panel.drawing("profile")];
    const reachOfH = await panel.page.textContent(".profile .readout");
    await panel.page.getByRole("button", { name: "memory", exact: true }).click();
    await panel.settle();
    expect(await panel.page.textContent(".heat h2")).toBe("log₁₀ ‖∂L/∂Mₜ‖");
    expect(await panel.page.getAttribute(".heat h2", "title")).toMatch(/depends on the memory's content at timestep t/);
    expect(await panel.drawing("heat")).not.toBe(ofH[0]);
    expect(await panel.drawing("profile")).not.toBe(ofH[1]);
    expect(await panel.page.textContent(".profile .keys .key:first-child")).toBe("log₁₀ ‖∂L/∂Mₜ‖, this step");
    const reach = async (): Promise<number> =>
      Number(/reaches (\d+) of 99/.exec((await panel.page.textContent(".profile .readout")) ?? "")?.[1]);
    expect(await reach()).toBeGreaterThan(90);
    expect(Number(/reaches (\d+)/.exec(reachOfH ?? "")?.[1])).toBeLessThan(40);
    await panel.page.click(".profile button.tool");
    await panel.settle();
    expect(await panel.page.locator(".profile thead th").allTextContents()).toContain("log₁₀ ‖∂L/∂Mₜ‖");
    await panel.close();
  });

  it("is chosen by name among the gains, and determines the layer's reach", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: run });
    await panel.page.getByRole("button", { name: "gain", exact: true }).click();
    await panel.settle();
    const channels = panel.page.getByRole("combobox", { name: "Channel" });
    expect(await channels.locator("option").allTextContents()).toEqual(["of h", "of c", "of memory"]);
    const ofH = await panel.drawing("heat");
    await channels.selectOption({ label: "of memory" });
    await panel.settle();
    expect(await panel.drawing("heat")).not.toBe(ofH);
    expect(await panel.page.textContent(".layers")).toMatch(/external_memory.*9\d of 99/s);
    await panel.close();
  });

  const looks = [
    ["dark", 1200],
    ["light", 320],
    ["high-contrast", 1200],
  ] as const;
  it.each(sampled(looks, 3, 1, 1))(
    "is readable and accessible in %s at %i px",
    { tags: "thorough" },
    async (theme, width) => {
      const panel = await browser.open({ theme, width, height: width < 1000 ? 1900 : 900, before: run });
      const ground = theme === "dark" ? "#1f1f1f" : theme === "light" ? "#ffffff" : "#000000";
      await panel.page.evaluate(`document.body.style.backgroundColor = "${ground}"`);
      await panel.page.getByRole("button", { name: "memory", exact: true }).click();
      await panel.settle();
      await panel.screenshot(`memory-${theme}-${width}`);
      expect(await panel.page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      expect(await panel.accessibilityFaults()).toEqual([]);
      await panel.close();
    },
  );
});
