import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examples } from "../../../tools/examples/folders.ts";
import {
  type ExampleInVsCode,
  goToFile,
  lenses,
  openExample,
  panel,
  runCommand,
  screens,
} from "../../../tools/vscode/exampleInVsCode.ts";
import { installExtension } from "../../../tools/vscode/installExtension.ts";
import { packedExtension } from "./packed.ts";
import { recall } from "./recall.ts";

/** Milliseconds for a block to come into view. A frame that VS Code has replaced in the meantime has none. */
const scrollTime = 5_000;

describe("the packed extension, installed into a new profile", { tags: "thorough" }, () => {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-packed-"));
  const extensionsDir = path.join(top, "extensions");
  let example: ExampleInVsCode;
  beforeAll(async () => {
    const { vsix } = await packedExtension();
    await installExtension(vsix, extensionsDir, path.join(top, "data"));
    const settings = { "files.autoSave": "off" };
    example = await openExample("vanishing-sigmoid", { text: recall, installed: true, extensionsDir, settings });
  });
  afterAll(async () => {
    await example?.close();
    fs.rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  it("is the only copy of the extension there", () => {
    expect(fs.readdirSync(extensionsDir).filter((name) => name.includes("gradient-lens"))).toHaveLength(1);
  });

  it("runs fixes beside the model, shows them in a table, and applies one in the editor", async () => {
    const { page, config } = example;
    await lenses(page, /gradient reaches/)
      .first()
      .waitFor();
    const started = await verifyInPanel(page);
    await started.locator(".verification progress").waitFor();
    const tab = await drawn(page, ".verification", (shown) => shown.locator(".verified-table"));
    const apply = tab.getByRole("button", { name: /^Apply: / }).first();
    await apply.scrollIntoViewIfNeeded();
    await page.screenshot({ path: path.join(screens, "panel-verified.png") });
    await apply.click();
    await tab.locator(".verification .stale-note", { hasText: /before your edit/ }).waitFor();
    await page.locator(".tab.dirty", { hasText: "gradlens.json" }).waitFor();
    expect(await apply.isDisabled()).toBe(true);
    // The panel itself requested everything, so no notification repeats it.
    expect(await page.locator(".notification-toast").count()).toBe(0);
    expect(fs.readFileSync(config, "utf8")).toBe(recall);
  });

  it("probes a net that Keras saved", async () => {
    const { page } = example;
    fs.cpSync(path.join(examples, "saved-model"), path.join(path.dirname(example.config), "saved"), {
      recursive: true,
    });
    await goToFile(page, "saved/gradlens.json");
    await lenses(page, /gradient reaches \d+ of 49/)
      .first()
      .waitFor();
    expect(await lenses(page, /cannot|refused|failed/).count()).toBe(0);
  });
});

/** Opens the panel in an editor and starts the verification of the fixes of a vanishing gradient there. */
async function verifyInPanel(page: Page): Promise<FrameLocator> {
  await runCommand(page, "Gradient Lens: Open Panel in Editor");
  await page.keyboard.press("Control+B");
  const offer = (tab: FrameLocator): Locator =>
    tab.getByRole("button", { name: /^Verify fixes of vanishing-through-time/ });
  const tab = await drawn(page, ".findings", offer);
  await offer(tab).click();
  return tab;
}

/**
 * The panel in an editor, once a part of a block is there. A block is drawn only while visible, and the charts above push
 * it out of view as they appear; VS Code may also replace the panel's frame. So both are looked for each time.
 */
async function drawn(page: Page, block: string, part: (tab: FrameLocator) => Locator): Promise<FrameLocator> {
  let tab = await panel(page, "editor");
  const parts = async (): Promise<number> => {
    tab = await panel(page, "editor");
    await tab
      .locator(block)
      .scrollIntoViewIfNeeded({ timeout: scrollTime })
      .catch(() => undefined);
    return part(tab).count();
  };
  await expect.poll(parts).toBe(1);
  return tab;
}
