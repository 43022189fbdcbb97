import { describe, expect, it } from "vitest";
import { sampled } from "../../budget.ts";
import { panelBrowser } from "./panelPage.ts";

const grounds: { readonly [theme: string]: string } = {
  dark: "#1f1f1f",
  light: "#ffffff",
  "high-contrast": "#000000",
  "high-contrast-light": "#ffffff",
};

const browser = await panelBrowser();

const states = ["a run", "tables and details", "a deep probe", "verified fixes", "nothing"] as const;
const shown: { readonly [state: string]: string } = {
  "a deep probe": "host.withDeep();",
  "verified fixes": "host.withVerification();",
};

describe("axe finds nothing wrong", () => {
  // In CI, each state in one light and one dark theme, with high contrast or without; in the quick tier, two of them.
  for (const [at, [theme, ground]] of Object.entries(grounds).entries())
    for (const state of sampled(states, 8, [0, 2, 5, 7][at], 2))
      it(`with ${state} in ${theme}`, async () => {
        const before =
          state === "nothing"
            ? ""
            : `host.begin({ type: 'lstm', recurrent: 2 }, 120); host.withFindings(); ${shown[state] ?? ""}`;
        const panel = await browser.open({ theme, before });
        await panel.page.evaluate(`document.body.style.backgroundColor = "${ground}"`);
        if (state === "tables and details") {
          for (const button of await panel.page.locator("button.tool:visible").all()) await button.click();
          await panel.page.locator("button.fold").first().click();
          await panel.page.locator("summary").first().click();
          await panel.settle();
        }
        if (state === "a deep probe") await panel.page.locator(".deep").scrollIntoViewIfNeeded();
        if (state === "verified fixes") await panel.page.locator(".verification").scrollIntoViewIfNeeded();
        await panel.screenshot(`panel-${theme}-${state.replaceAll(" ", "-")}`);
        expect(await panel.accessibilityFaults()).toEqual([]);
        await panel.close();
      });
});

describe("without seeing", () => {
  it("each chart has its numbers as a table", async () => {
    const panel = await browser.open({ before: "host.begin({ timesteps: 12 }, 30);" });
    for (const button of await panel.page.locator("button.tool:visible").all()) await button.click();
    await panel.settle();
    expect(await panel.page.locator(".loss tbody tr").count()).toBe(30);
    expect(await panel.page.textContent(".profile tbody tr:first-child th")).toBe("12");
    const cell = await panel.host<{ value: number }>("host.cell(0, 0, 12)");
    const shown = (await panel.page.textContent(".heat tbody tr:first-child td:last-child")) ?? "";
    expect(Number(shown.replace(" decades", "").replace("−", "-"))).toBeCloseTo(cell.value, 1);
    await panel.host("host.stream(5)");
    await expect.poll(() => panel.page.locator(".loss tbody tr").count()).toBe(35);
    await panel.close();
  });

  it("shows tables from the start for a screen reader", async () => {
    const panel = await browser.open({
      before: "host.begin({}, 5); document.body.classList.add('vscode-using-screen-reader');",
    });
    expect(await panel.page.locator(".table-box:visible").count()).toBe(3);
    await panel.close();
  });

  it("announces a run in a sentence, and no more often than one can listen to", async () => {
    // In a window so small that the sentence's own place is not visible.
    const before = "host.begin({}, 50); host.withFindings();";
    const panel = await browser.open({ width: 300, height: 400, before });
    const live = "main > [aria-live=polite].hidden-text";
    await expect
      .poll(() => panel.page.textContent(live))
      .toMatch(/^tanh running, step 50, loss 0\.\d+, gradient of simple_rnn reaches \d+ of 99 timesteps, 2 findings$/);
    await panel.host("host.stream(10)");
    await panel.settle();
    expect(await panel.page.textContent(live)).toContain("step 50");
    await expect.poll(() => panel.page.textContent(live)).toContain("step 60");
    await panel.close();
  });
});
