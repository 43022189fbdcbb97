import { describe, expect, it } from "vitest";
import { panelProtocolVersion } from "../../../src/protocol/panelMessages.ts";
import { sampled } from "../../budget.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

const valueText = (panel: PanelPage, block: string): Promise<string | null> =>
  panel.page.getAttribute(`.${block} [role=slider]`, "aria-valuetext");

describe("the panel and its host", () => {
  it("asks again if a frame is missing, and continues from the snapshot", async () => {
    const panel = await browser.open({ before: "host.begin({}, 10);" });
    await panel.host("(host.nextFrame(), host.stream(1))");
    await panel.settle();
    expect((await panel.posted("ready")).length).toBe(2);
    expect(await panel.page.textContent(".facts")).toContain("step 12 /");
    await panel.host("host.stream(3)");
    await panel.settle();
    expect(await panel.page.textContent(".facts")).toContain("step 15 /");
    expect((await panel.posted("ready")).length).toBe(2);
    await panel.close();
  });

  it("shows the same part of the steps in all charts over steps, and all of them again", {
    tags: "thorough",
  }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 200);" });
    const reset = panel.page.getByRole("button", { name: "Reset zoom" });
    expect(await reset.count()).toBe(0);
    const all = async () => [await panel.drawing("heat"), await panel.drawing("loss"), await panel.drawing("layers")];
    const before = await all();
    await panel.page.locator(".heat [role=slider]").press("+");
    await panel.settle();
    expect(await reset.count()).toBe(3);
    const near = await all();
    for (const [i, drawing] of near.entries()) expect(drawing).not.toBe(before[i]);
    await reset.first().click();
    await panel.settle();
    expect(await reset.count()).toBe(0);
    expect(await all()).toEqual(before);
    // The small curves of the layers zoom with the wheel, too.
    await panel.page.hover(".layers tbody .spark >> nth=0");
    await panel.page.keyboard.down("Control");
    await panel.page.mouse.wheel(0, -200);
    await panel.page.keyboard.up("Control");
    await panel.settle();
    expect(await reset.count()).toBe(3);
    for (const [i, drawing] of (await all()).entries()) expect(drawing).not.toBe(before[i]);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("explains every curve of the loss: the smoothed one, the one behind it, and steps without a finite loss", {
    tags: "thorough",
  }, async () => {
    const panel = await browser.open({ before: "host.begin({ brokenFrom: 150 }, 200);" });
    const keys = panel.page.locator(".loss .loss-keys .key");
    expect(await keys.allTextContents()).toEqual(["loss of each step", "loss not finite"]);
    await panel.page.locator(".loss select").nth(1).selectOption("0.9");
    await panel.settle();
    expect(await keys.allTextContents()).toEqual(["smoothed loss", "loss of each step", "loss not finite"]);
    const marks = panel.page.locator(".profile .marks .key");
    expect(await marks.allTextContents()).toEqual(["NaN", "∞", "0"]);
    await panel.screenshot("loss-keys");
    await panel.page.locator(".loss select").nth(0).selectOption("log");
    await panel.settle();
    expect(await panel.page.textContent(".loss .readout")).toContain("step 200");
    await panel.close();
    const plain = await browser.open({ before: "host.begin({}, 200);" });
    expect(await plain.page.isVisible(".loss .loss-keys")).toBe(false);
    expect(await plain.page.locator(".profile .marks .key").count()).toBe(0);
    await plain.close();
  });

  it("ignores duplicate frames, and frames of another run", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 10);" });
    await panel.host(
      "((f) => { host.send({ type: 'frame', frame: f }); host.send({ type: 'frame', frame: f }); host.send({ type: 'frame', frame: { ...f, runId: 'other', seq: 99 } }); })(host.nextFrame())",
    );
    await panel.settle();
    expect((await panel.posted("ready")).length).toBe(1);
    expect(await panel.page.textContent(".facts")).toContain("step 11 /");
    await panel.close();
  });

  it("ignores forged and malformed messages", async () => {
    const panel = await browser.open({ before: "host.begin({}, 10); host.withFindings();" });
    const before = await panel.page.innerText("main");
    for (const garbage of [
      "null",
      "'frame'",
      "42",
      "[]",
      "{ type: 'nothing' }",
      "{ type: 'frame', frame: { runId: 'demo-1', seq: 11, steps: [11], rows: [], profiles: [] } }",
      "{ type: 'frame', frame: { ...host.nextFrame(), rows: new Float64Array(3) } }",
      "{ type: 'frame', frame: { ...host.nextFrame(), profiles: [{ layer: 9, channel: 'h.logNorm', values: new Float64Array(1), max: new Float64Array(1) }] } }",
      `{ type: 'snapshot', version: ${panelProtocolVersion}, runs: [], selected: null, history: { info: {} }, findings: [], trusted: true, hasConfig: true }`,
      "{ type: 'findings', runId: 'demo-1', findings: [{ finding: { id: '<img src=x onerror=alert(1)>' } }] }",
      "{ type: 'started', info: { runId: 'x' } }",
      "{ type: 'runs', runs: 'all', selected: {} }",
      'JSON.parse(\'{"__proto__": {"type": "snapshot"}}\')',
    ])
      await panel.host(`host.send(${garbage})`);
    await panel.settle();
    expect(panel.errors).toEqual([]);
    expect(await panel.page.innerText("main")).toBe(before);
    await panel.close();
  });

  it.each(
    sampled(
      [
        ["kernel", 0],
        ["taps", 1],
        ["own", 1],
      ],
      3,
      1,
      1,
    ),
  )("says so if the kernels do not run a layer (%s)", async (method, marks) => {
    const panel = await browser.open({ before: `host.begin({ method: "${method}" }, 3);` });
    expect(await panel.page.locator(".layer-type", { hasText: /^(taps|own code)$/ }).count()).toBe(marks);
    await panel.close();
  });

  it.each(
    sampled(
      [
        [1200, "beside"],
        [600, "above"],
      ],
      2,
      1,
      1,
    ),
  )("at %i px has the loss %s the layers", async (width, place) => {
    const panel = await browser.open({ width, before: "host.begin({}, 3);" });
    const loss = await panel.page.locator(".block.loss").boundingBox();
    const layers = await panel.page.locator(".block.layers").boundingBox();
    expect(loss && layers && (loss.y === layers.y ? "beside" : "above")).toBe(place);
    await panel.close();
  });

  it("shows what the host sends as text, never as HTML", async () => {
    const panel = await browser.open({
      before: "host.begin({}, 10); host.withFindings(); host.findings[0].finding.message = '<b id=injected>bold</b>';",
    });
    expect(await panel.page.locator("#injected").count()).toBe(0);
    expect(await panel.page.textContent(".findings-list")).toContain("<b id=injected>");
    await panel.close();
  });

  it("shows visibly that the host speaks another version", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.answersReady = false;" });
    await panel.host(
      "host.send({ type: 'snapshot', version: 99, runs: [], selected: null, history: null, findings: [], trusted: true, hasConfig: true })",
    );
    await panel.settle();
    expect(await panel.page.innerText("main")).toContain("another version");
    await panel.close();
  });

  it("is brought back by a snapshot after hide or reload, with the user's choices", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.begin({ type: 'lstm', recurrent: 2 }, 80);" });
    await panel.page.selectOption("select[aria-label='Recurrent layer']", "lstm_1");
    await panel.page.click(".switch >> text=contribution");
    await panel.page.focus(".heat [role=slider]");
    for (const key of ["Home", "ArrowRight", "ArrowRight", "ArrowDown"]) await panel.page.keyboard.press(key);
    await panel.settle();
    const before = await valueText(panel, "heat");
    expect(before).toMatch(/^step 3, timestep 100 of 100/);
    await panel.page.reload();
    await panel.settle();
    expect(await valueText(panel, "heat")).toBe(before);
    expect(await panel.page.inputValue("select[aria-label='Recurrent layer']")).toBe("lstm_1");
    expect(await panel.page.getAttribute(".switch button:text('contribution')", "aria-pressed")).toBe("true");
    await panel.close();
  });

  it("starts from defaults if the saved state is invalid", { tags: "thorough" }, async () => {
    const panel = await browser.open({
      before: "host.begin({}, 20); host.api().setState({ step: 'soon', layer: 7, paused: 'x' });",
    });
    expect(await valueText(panel, "loss")).toMatch(/^step 20,/);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("freezes the display while paused, and catches up afterwards", async () => {
    const panel = await browser.open({ before: "host.begin({}, 30);" });
    await panel.page.click("text=Pause display");
    await panel.host("host.stream(10)");
    await panel.settle();
    expect(await panel.page.textContent(".facts")).toContain("step 30 /");
    expect(await panel.page.textContent(".facts")).toContain("display paused");
    await panel.page.click("text=Resume display");
    await panel.settle();
    expect(await panel.page.textContent(".facts")).toContain("step 40 /");
    await panel.close();
  });

  it("keeps the last run visible, dimmed, until the next one has started", { tags: "thorough" }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 30);" });
    await panel.host("host.startAnother()");
    await panel.settle();
    expect(await panel.page.textContent(".facts")).toBe("starting the engine…");
    expect(await panel.page.locator(".of-earlier-run .loss canvas").isVisible()).toBe(true);
    await panel.host("host.begin({ runId: 'demo-2' }, 0)");
    await panel.host("host.send({ type: 'started', info: host.info })");
    await panel.host("host.stream(3)");
    await panel.settle();
    expect(await panel.page.locator(".of-earlier-run").count()).toBe(0);
    expect(await panel.page.textContent(".facts")).toContain("step 3 /");
    await panel.close();
  });

  it("posts what the user asks for", async () => {
    const panel = await browser.open({ before: "host.begin({}, 30); host.withFindings();" });
    await panel.page.click("text=vanishing-through-time");
    await panel.page.click("text=Stop");
    await panel.page.selectOption("select[aria-label='Run']", "demo-0");
    expect(await panel.posted("reveal")).toEqual([
      { type: "reveal", findingId: "vanishing-through-time|tanh|simple_rnn|" },
    ]);
    expect(await panel.posted("stop")).toEqual([{ type: "stop", runId: "demo-1" }]);
    expect(await panel.posted("select")).toEqual([{ type: "select", runId: "demo-0" }]);
    await panel.host("host.end()");
    await panel.settle();
    await panel.page.click(".header button:has-text('Train')");
    expect(await panel.posted("command")).toEqual([{ type: "command", command: "train" }]);
    expect(await panel.page.textContent(".run option:checked")).toContain("completed");
    await panel.close();
  });

  it("suggests what to do next while there is no run", { tags: "thorough" }, async () => {
    const cases = [
      ["host.hasConfig = false;", "Create Example Config", "createExample"],
      ["host.hasConfig = true;", "Probe", "probe"],
      ["host.trusted = false;", "Manage trust", "manageTrust"],
    ] as const;
    for (const [before, button, command] of cases) {
      const panel = await browser.open({ before, width: 300 });
      await panel.page.click(`.empty button:text-is("${button}")`);
      expect(await panel.posted("command")).toEqual([{ type: "command", command }]);
      await panel.close();
    }
  });
});

describe("the linked cursor", () => {
  it("moves by keyboard in all charts, and is spoken", async () => {
    const panel = await browser.open({ before: "host.begin({}, 200);" });
    const profile = await panel.drawing("profile");
    await panel.page.focus(".loss [role=slider]");
    await panel.page.keyboard.press("PageUp");
    await panel.page.keyboard.press("Home");
    for (let i = 0; i < 4; i++) await panel.page.keyboard.press("ArrowRight");
    await panel.settle();
    expect(await valueText(panel, "loss")).toMatch(/^step 5, loss 0\.\d+, baseline 0\.167$/);
    expect(await valueText(panel, "heat")).toMatch(/^step 5, timestep 100 of 100, −\d\.\d decades$/);
    expect(await panel.page.inputValue(".scrubber input")).toBe("5");
    expect(await panel.drawing("profile")).not.toBe(profile);
    await expect
      .poll(() => panel.page.textContent("main > [aria-live=polite].hidden-text"))
      .toMatch(/^step 5, timestep 100/);
    await panel.page.focus(".profile [role=slider]");
    await panel.page.keyboard.press("Home");
    await panel.settle();
    expect(await valueText(panel, "heat")).toMatch(/^step 5, timestep 1 of 100/);
    await panel.page.focus(".heat [role=slider]");
    await panel.page.keyboard.press("Escape");
    await panel.settle();
    expect(await valueText(panel, "loss")).toMatch(/^step 200,/);
    await panel.close();
  });

  it("follows the pointer, and stays where it is pressed", async () => {
    const panel = await browser.open({ before: "host.begin({ timesteps: 10 }, 20);" });
    const box = await panel.page.locator(".heat .plot canvas").boundingBox();
    if (box === null) throw new Error("no heat map");
    // The middle of column 5 of 20, counted from 0.
    const x = box.x + 50 + ((box.width - 58) * 5.5) / 20;
    await panel.page.mouse.move(x, box.y + 10);
    await panel.settle();
    expect(await valueText(panel, "loss")).toMatch(/^step 6,/);
    expect(await valueText(panel, "heat")).toMatch(/timestep 10 of 10/);
    await panel.page.mouse.move(0, 0);
    await panel.settle();
    expect(await valueText(panel, "loss")).toMatch(/^step 20,/);
    await panel.page.mouse.click(x, box.y + 10);
    await panel.page.mouse.move(0, 0);
    await panel.settle();
    expect(await valueText(panel, "loss")).toMatch(/^step 6,/);
    await panel.host("host.stream(5)");
    await panel.settle();
    expect(await valueText(panel, "loss")).toMatch(/^step 6,/);
    await panel.page.click("text=newest");
    await panel.settle();
    expect(await valueText(panel, "loss")).toMatch(/^step 25,/);
    await panel.close();
  });
});
