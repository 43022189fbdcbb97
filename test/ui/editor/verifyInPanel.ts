import type { FrameLocator, Page } from "playwright-core";
import { expect } from "vitest";
import { panel, runCommand } from "../../../tools/vscode/exampleInVsCode.ts";

/** Opens the panel in an editor and starts the verification of the fixes of a vanishing gradient there. */
export async function verifyInPanel(page: Page): Promise<FrameLocator> {
  await runCommand(page, "Gradient Lens: Open Panel in Editor");
  await page.keyboard.press("Control+B");
  const tab = await panel(page, "editor");
  const verify = tab.getByRole("button", { name: /^Verify fixes of vanishing-through-time/ });
  // It is drawn only while visible; the charts above push it out of view as they appear.
  const offered = async (): Promise<number> => {
    await tab.locator(".findings").scrollIntoViewIfNeeded();
    return verify.count();
  };
  await expect.poll(offered).toBe(1);
  await verify.click();
  return tab;
}
