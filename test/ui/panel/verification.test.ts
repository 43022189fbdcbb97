/** Tests verified fixes in the panel: requested, in progress, shown, and applied by name. */

import { describe, expect, it } from "vitest";
import { sampled } from "../../budget.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

const progress = (done: number, what: string, seed = 1): string =>
  `host.withVerification({ kind: 'busy', progress: { done: ${done}, total: 18, what: '${what}', seed: ${seed}, seeds: 3 } })`;
const busy = (panel: PanelPage): Promise<unknown> => panel.host(progress(7, "Use tanh as the activation", 2));
/** The last of the announcing elements; the run has its own before it. */
const spoken = "main > [role=status]:last-child";
const focused = (panel: PanelPage): Promise<string> => panel.page.evaluate("document.activeElement.textContent");
const cells = (panel: PanelPage, row: number): Promise<readonly string[]> =>
  panel.page.locator(`.verified-table tbody tr:nth-child(${row}) td`).allInnerTexts();

describe("verifying fixes in the panel", () => {
  it("is offered beside each finding with fixes, and requested by the finding's name", async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.withFindings(); host.end();" });
    expect(await panel.page.locator(".verification").isVisible()).toBe(false);
    expect(await panel.page.locator("button.verify").count()).toBe(1);
    const button = panel.page.getByRole("button", {
      name: "Verify fixes of vanishing-through-time, tanh / simple_rnn",
    });
    await button.focus();
    await panel.page.keyboard.press("Enter");
    expect(await panel.posted("verify")).toEqual([
      { type: "verify", findingId: "vanishing-through-time|tanh|simple_rnn|" },
    ]);
    await busy(panel);
    await panel.settle();
    expect(await focused(panel)).toBe("Stop");
    expect(await button.isDisabled()).toBe(true);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("is not offered for a model that was edited since, nor in Restricted Mode", { tags: "thorough" }, async () => {
    const setup = "host.begin({}, 20); host.withFindings(); host.end();";
    for (const change of ["host.findings = [{ ...host.findings[0], stale: true }];", "host.trusted = false;"]) {
      const panel = await browser.open({ before: `${setup} ${change} host.withVerification();` });
      expect(await panel.page.locator("button.verify").isDisabled()).toBe(true);
      await panel.close();
    }
  });

  it("shows and announces which fix runs from which seed, and can be stopped", { tags: "thorough" }, async () => {
    // So narrow that it lies far below the visible part.
    const panel = await browser.open({ width: 300, height: 400, before: "host.begin({}, 20);" });
    await panel.host(
      "host.withVerification({ kind: 'busy', progress: { done: 0, total: 1, what: '', seed: 1, seeds: 1 } })",
    );
    await panel.settle();
    expect(await panel.page.innerText(".verification .deep-busy")).toBe("waiting for the engine");
    await busy(panel);
    await panel.settle();
    const words = "run 8 of 18: Use tanh as the activation, seed 2 of 3";
    expect(await panel.page.textContent(spoken)).toBe(`Verifying, ${words}`);
    await panel.page.locator(".verification").scrollIntoViewIfNeeded();
    await panel.settle();
    expect(await panel.page.innerText(".verification .deep-busy")).toBe(words);
    expect(await panel.page.getAttribute(".verification progress", "aria-valuetext")).toBe(words);
    expect(await panel.page.evaluate("document.querySelector('.verification progress').position")).toBeCloseTo(7 / 18);
    await panel.page.click(".verification button:has-text('Stop')");
    expect(await panel.posted("stopVerifying")).toEqual([{ type: "stopVerifying" }]);
    await panel.host("host.withVerification({ kind: 'failed', message: 'Stopped.' })");
    await panel.settle();
    expect(await panel.page.innerText(".verification [role=alert]")).toBe("Stopped.");
    // The pressed button is gone, so the focus is at the start of the block.
    expect(await focused(panel)).toBe("Verified fixes");
    await panel.page.click(".verification button:has-text('Verify again')");
    expect(await panel.posted("verify")).toEqual([{ type: "verify", findingId: null }]);
    await panel.close();
  });

  it("shows for each fix a verdict, figures before and after, and their spread", async () => {
    const panel = await browser.open({ before: `host.begin({}, 20); ${progress(17, "x", 3)};` });
    await panel.host("host.withVerification()");
    await panel.settle();
    expect(await panel.page.innerText(".verification .readout")).toBe("tanh / simple_rnn · for vanishing-through-time");
    expect(await panel.page.locator(".verified-table .verdict").allInnerTexts()).toEqual([
      "better",
      "better",
      "inconclusive",
      "inconclusive",
      "no difference",
      "worse",
    ]);
    expect(await panel.page.locator(".verified-table .verdict svg").count()).toBe(6);
    expect(await cells(panel, 1)).toEqual([
      "better\nclears the finding, the horizon improves",
      "34 → 99 of 99\n33 to 35 → 99",
      "−5.9 → −0.7 decades\n−6.0 to −5.7 → −0.9 to −0.6",
      "×0.87 → ×0.983\n×0.87 to ×0.88 → ×0.979 to ×0.986",
      "0.168 → 0.0214\n0.166 to 0.171 → 0.0186 to 0.0402",
      "PreviewApply",
    ]);
    expect((await cells(panel, 3))[0]).toContain("2 of 3 runs done");
    expect((await cells(panel, 4)).slice(1)).toEqual([
      "34 → –\n33 to 35 → –",
      "−5.9 → –\n−6.0 to −5.7 → –",
      "×0.87 → –\n×0.87 to ×0.88 → –",
      "0.168 → –\n0.166 to 0.171 → –",
      "",
    ]);
    const worse = await cells(panel, 6);
    expect(worse[0]).toContain("2 of 3 runs diverged");
    expect(worse[4]).toBe("0.168 → diverged\n0.166 to 0.171 → 0.4 to diverged");
    expect(await panel.page.innerText(".verified > ul")).toBe(
      "Attend to all states: the layer returns its last state only",
    );
    expect(await panel.page.innerText(".verification .conclusion")).toBe(
      "2 of 6 fixes help. The best: Make it an LSTM layer, still 64 units.",
    );
    // The end of a verification that was seen running is announced.
    expect(await panel.page.textContent(spoken)).toBe(
      "Verified: 2 of 6 fixes help. The best: Make it an LSTM layer, still 64 units.",
    );
    expect(await panel.page.getByRole("row").count()).toBeGreaterThanOrEqual(7);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("previews or applies a better fix by its name, and none once the config was edited", async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.withVerification(null, { id: 4 });" });
    expect(await panel.page.locator(".verified-table button").count()).toBe(4);
    await panel.page.getByRole("button", { name: "Preview: Initialize the recurrent kernel orthogonally" }).click();
    expect(await panel.posted("previewVerified")).toEqual([
      { type: "previewVerified", verification: 4, fixId: "orthogonal" },
    ]);
    await panel.page.getByRole("button", { name: "Apply: Initialize the recurrent kernel orthogonally" }).focus();
    await panel.page.keyboard.press("Enter");
    expect(await panel.posted("applyVerified")).toEqual([
      { type: "applyVerified", verification: 4, fixId: "orthogonal" },
    ]);
    await panel.host("host.withVerification(null, { id: 4, stale: true })");
    await panel.settle();
    expect(await panel.page.innerText(".verification .stale-note")).toMatch(/^Measured before your edit/);
    for (const button of await panel.page.locator(".verified-table button").all())
      expect(await button.isDisabled()).toBe(true);
    await panel.host("host.withVerification(null, { id: 4 })");
    await panel.settle();
    expect(await panel.page.locator(".verification .stale-note").isVisible()).toBe(false);
    expect(await panel.page.locator(".verified-table button:enabled").count()).toBe(4);
    await panel.close();
  });

  it("comes back with the snapshot, not announced again, and only for its own model", {
    tags: "thorough",
  }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.withVerification();" });
    await panel.page.reload();
    await panel.settle();
    expect(await panel.page.textContent(spoken)).toBe("");
    expect(await panel.page.locator(".verified-table tbody tr").count()).toBe(6);
    await panel.host("host.withVerification(null, { model: 'another' })");
    await panel.settle();
    expect(await panel.page.locator(".verification").isVisible()).toBe(false);
    await panel.host("host.withVerification({ kind: 'sound' })");
    await panel.settle();
    expect(await panel.page.innerText(".verification .stale-note")).toMatch(/nothing to verify/);
    const none = "{ kind: 'done', result: { ...host.verification.state.result, fixes: [] } }";
    await panel.host(`(host.withVerification(), host.withVerification(${none}, { id: 2 }))`);
    await panel.settle();
    expect(await panel.page.innerText(".verification .stale-note")).toBe("No fix could be run.");
    expect(await panel.page.innerText(".verified")).toMatch(/^Could not be run:\s+Attend to all states/);
    await panel.close();
  });

  it("ignores anything that is not a verification", async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.withVerification();" });
    const before = await panel.page.innerText("main");
    for (const state of [
      "{ kind: 'done', result: { ...host.verification.state.result, present: new Float64Array(3) } }",
      "{ kind: 'done', result: { ...host.verification.state.result, fixes: [{ id: 'x', title: 'x' }] } }",
      "{ kind: 'busy', progress: { done: -1 } }",
      "{ kind: 'better' }",
    ])
      await panel.host(`host.send({ type: 'verification', verification: { ...host.verification, state: ${state} } })`);
    await panel.settle();
    expect(await panel.page.innerText("main")).toBe(before);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  // In CI, each theme at one width, and each width in one theme.
  it("is visible in every theme, wide and narrow", { tags: "thorough" }, async () => {
    const grounds = { dark: "#1f1f1f", light: "#ffffff", "high-contrast": "#000000", "high-contrast-light": "#ffffff" };
    for (const [at, [theme, ground]] of Object.entries(grounds).entries())
      for (const width of sampled([1200, 1010, 760, 300], 4, at)) {
        const before = "host.begin({}, 20); host.withFindings(); host.end(); host.withVerification();";
        const panel = await browser.open({ theme, width, height: 900, before });
        await panel.page.evaluate(`document.body.style.backgroundColor = "${ground}"`);
        await panel.page.locator(".verification").scrollIntoViewIfNeeded();
        await panel.settle();
        await panel.screenshot(`verification-${theme}-${width}`);
        const sideways = await panel.page.evaluate<boolean>(
          "document.documentElement.scrollWidth > document.documentElement.clientWidth",
        );
        expect(sideways).toBe(false);
        await panel.close();
      }
  });
});
