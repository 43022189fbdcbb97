import fs from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples } from "../../../tools/examples/folders.ts";
import {
  colours,
  type ExampleInVsCode,
  lenses,
  openExample,
  panel,
  runCommand,
  screens,
  showInSideBar,
} from "../../../tools/vscode/exampleInVsCode.ts";
import { enginesOf, extensionHosts, isEngine } from "../../../tools/vscode/extensionHosts.ts";

const text = fs
  .readFileSync(path.join(examples, "vanishing-sigmoid", "gradlens.json"), "utf8")
  .replace('"steps": 1000,', '"steps": 1000000, "checkpoint": { "folder": "checkpoints", "every": 100000 },');

/** Rows of the runs view. */
function rows(page: Page, hasText: string | RegExp): Locator {
  return page.locator('.part.sidebar .pane-body[aria-label*="Runs"] .monaco-list-row, .part.sidebar .monaco-list-row', {
    hasText,
  });
}

const shot = (page: Page, name: string) => page.screenshot({ path: path.join(screens, `${name}.png`) });

/** Reloads the window and waits until the extension has read the config again. */
async function reload(page: Page): Promise<void> {
  await page.reload();
  await page.locator(".monaco-workbench .part.editor").waitFor();
  await lenses(page, /Probe/).first().waitFor();
}

async function train(page: Page): Promise<void> {
  await runCommand(page, "Gradient Lens: Train Model");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "sigmoid" }).click();
  await page.locator(".statusbar-item", { hasText: /sigmoid \d{2,}/ }).waitFor();
}

describe("runs that last", { tags: "thorough" }, () => {
  let example: ExampleInVsCode;
  let page: Page;
  beforeAll(async () => {
    example = await openExample("vanishing-sigmoid", {
      text,
      viewport: { width: 1500, height: 1800 },
      reconnectionSeconds: 1,
    });
    ({ page } = example);
    fs.copyFileSync(
      "test/fixtures/tensorboard/torch.tfevents",
      path.join(path.dirname(example.config), "events.out.tfevents.torch"),
    );
    await lenses(page, /gradient reaches/)
      .nth(1)
      .waitFor();
    await showInSideBar(page, "Gradient Lens");
  });
  afterAll(() => example.close());

  it("are listed by config and model, with loss, verdict and steps", async () => {
    await rows(page, /^sigmoid\s*1 run/).waitFor();
    await rows(page, /Probe, .*loss 0\.\d+ · reaches \d+ of 99/)
      .first()
      .waitFor();
    await shot(page, "runs");
  });

  it("survive a reload in mid-training, which says so and goes on from the checkpoint", async () => {
    await train(page);
    await reload(page);
    // The driver of the tests keeps notifications from popping up.
    await runCommand(page, "Notifications: Show Notifications");
    await page
      .locator(".notifications-center .notification-list-item", {
        hasText: /training of sigmoid was interrupted at step/,
      })
      .waitFor();
    await rows(page, /Training, .*interrupted/).waitFor();
    // The probes are there, too, and nothing was measured again.
    expect(await rows(page, /Probe, /).count()).toBe(2);
    await shot(page, "runs-interrupted");
    await page.locator(".notifications-center .monaco-button", { hasText: "Resume" }).click();
    await page.locator(".statusbar-item", { hasText: /sigmoid \d{2,}/ }).waitFor();
    await shot(page, "runs-resumed");
    await runCommand(page, "Gradient Lens: Stop Run");
    await rows(page, /resumed.*stopped/).waitFor();
  });

  it("are the same in two windows on one workspace", async () => {
    await train(page);
    const other = await page.context().newPage();
    try {
      await other.goto(page.url());
      await lenses(other, /Probe/).first().waitFor();
      await showInSideBar(other, "Gradient Lens");
      await rows(other, /Training, .*running elsewhere/).waitFor();
      await (await panel(other, "sidebar")).locator(".chart.loss .plot canvas").waitFor();
      await shot(other, "runs-other-window");
      const stopped = await rows(other, /Training, .*stopped/).count();
      await runCommand(page, "Gradient Lens: Stop Run");
      await rows(other, /Training, .*stopped/)
        .nth(stopped)
        .waitFor();
      expect(await rows(other, /running elsewhere/).count()).toBe(0);
      // A window behind another one draws nothing.
      await page.bringToFront();
      await rows(page, /Training, .*stopped/)
        .nth(stopped)
        .waitFor();
    } finally {
      await other.close();
    }
  });

  it("survive a killed extension host, whose engines end", async () => {
    const before = await rows(page, /Probe, |Training, /).count();
    const interrupted = await rows(page, /Training, .*interrupted/).count();
    await train(page);
    const hosts = extensionHosts();
    const engines = hosts.flatMap(enginesOf);
    expect(engines.length).toBeGreaterThan(0);
    for (const pid of hosts) process.kill(pid, "SIGKILL");
    await expect.poll(() => engines.filter(isEngine)).toEqual([]);
    await reload(page);
    await rows(page, /Training, .*interrupted/)
      .nth(interrupted)
      .waitFor();
    expect(await rows(page, /Probe, |Training, /).count()).toBe(before + 1);
  });

  it("survive a reload in mid-verification, which is continued from the runs that were made", async () => {
    await runCommand(page, "Gradient Lens: Verify Fixes");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: "sigmoid" }).click();
    await page.locator(".statusbar-item", { hasText: /verifying sigmoid: ([5-9]|\d\d) of/ }).waitFor();
    await reload(page);
    const undecided = lenses(page, /undecided: \d+ of \d+ runs · Continue/).first();
    await undecided.waitFor();
    await shot(page, "runs-verification-interrupted");
    const done = Number(/undecided: (\d+)/.exec((await undecided.textContent())?.replaceAll("\u00a0", " ") ?? "")?.[1]);
    expect(done).toBeGreaterThanOrEqual(3);
    await undecided.locator("a", { hasText: /Continue/ }).click();
    const first = lenses(page, /Stop verifying, run \d+ of/).first();
    await first.waitFor();
    const now = Number(/run (\d+) of/.exec((await first.textContent())?.replaceAll("\u00a0", " ") ?? "")?.[1]);
    expect(now).toBeGreaterThan(done);
  });

  it("can be a file of another program, which opens in the panel's page", async () => {
    await showInSideBar(page, "Explorer");
    await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "events.out.tfevents.torch" }).dblclick();
    await expect.poll(() => colours(page, "editor", "loss")).toBeGreaterThan(3);
    const shown = await panel(page, "editor");
    expect(await shown.getByRole("button", { name: "Train" }).isVisible()).toBe(false);
    await shot(page, "runs-foreign");
  });
});
