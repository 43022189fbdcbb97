/** What the lens of a program says stands in the panel as it is. */

import { describe, expect, it } from "vitest";
import { panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

describe("the notes of a program's lens", () => {
  it("stand in the panel as they are, and nowhere if there are none", async () => {
    const panel = await browser.open({
      before: `host.begin({}, 5); host.notes = [
        { layer: "rnn", text: "<b id=injected>not known</b>" },
        { layer: null, text: "no loss was reported" },
      ];`,
    });
    await panel.host("host.sendSnapshot()");
    await panel.settle();
    expect(await panel.page.locator(".notes li").allTextContents()).toEqual([
      "rnn: <b id=injected>not known</b>",
      "no loss was reported",
    ]);
    expect(await panel.page.locator("#injected").count()).toBe(0);
    await panel.host("[(host.notes = []), host.sendSnapshot()]");
    await panel.settle();
    expect(await panel.page.isVisible(".notes")).toBe(false);
    await panel.close();
  });
});
