import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ExampleInVsCode,
  lenses,
  lineNotes,
  openExample,
  panel,
  replaceWord,
  screens,
  showInSideBar,
} from "../../../tools/vscode/exampleInVsCode.ts";

describe("a workspace that is not trusted", { tags: "thorough" }, () => {
  let example: ExampleInVsCode;
  beforeAll(async () => {
    example = await openExample("vanishing-sigmoid", {
      trust: true,
      // The banner and no dialog, as after "No, I don't trust the authors".
      settings: { "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "always" },
    });
    await example.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
  });
  afterAll(() => example.close());

  it("shows that nothing runs instead of its commands", async () => {
    await lenses(example.page, /Restricted Mode: nothing runs/)
      .nth(1)
      .waitFor();
    expect(await lenses(example.page, /Probe|Train/).count()).toBe(0);
  });

  it("still checks the config", async () => {
    const { page } = example;
    await replaceWord(page, '"activation": "sigmoid"', "sigmoid", "sigmiod");
    await page.locator(".cdr.squiggly-error").first().waitFor();
    await page.keyboard.press("Control+Shift+M");
    await page.locator(".markers-panel .monaco-list-row", { hasText: "sigmoid" }).first().waitFor();
    await page.keyboard.press("Control+Shift+M");
    await page.keyboard.press("Control+Z");
  });

  it("says so in the panel, and offers no runs", async () => {
    const { page } = example;
    await showInSideBar(page, "Gradient Lens");
    const side = await panel(page, "sidebar");
    await side.locator("h2", { hasText: "Restricted Mode" }).waitFor();
    expect(await side.getByRole("button", { name: /Probe|Train/ }).count()).toBe(0);
    await page.screenshot({ path: path.join(screens, "restricted-mode.png") });
  });

  it("runs nothing when the config is saved", async () => {
    const { page } = example;
    await page.locator(".view-lines").first().click();
    await page.keyboard.press("Control+S");
    // A run would appear in the tree at once.
    await page.waitForTimeout(2000);
    expect(await page.locator('.pane-body .monaco-list-row[aria-label*="probe"]').count()).toBe(0);
    expect(await lineNotes(page)).toEqual([]);
  });
});
