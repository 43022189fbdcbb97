/** Tests that a page takes runs that are dropped on it. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PanelBrowser, type PanelPage } from "./panelPage.ts";

let browser: PanelBrowser;
beforeAll(async () => {
  browser = await PanelBrowser.start();
});
afterAll(() => browser.close());

const list = "application/vnd.code.uri-list";

/** Fires an event of a drag over the page's body; true if the page takes it. */
function drag(panel: PanelPage, event: string, type: string, data: string): Promise<boolean> {
  return panel.page.evaluate(
    ([event, type, data]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData(type ?? "", data ?? "");
      return !document.body.dispatchEvent(
        new DragEvent(event ?? "", { dataTransfer, bubbles: true, cancelable: true }),
      );
    },
    [event, type, data],
  );
}

describe("a drop on the page", () => {
  it.each([
    ["the editor's list", list, "file:///a%20b\r\nfile:///c", ["file:///a%20b", "file:///c"]],
    ["a plain list with comments", "text/uri-list", "# two\r\n\r\n file:///c \n", ["file:///c"]],
    [
      "a long list",
      list,
      Array.from({ length: 40 }, (_, i) => `file:///${i}`).join("\n"),
      expect.objectContaining({ length: 8 }),
    ],
  ])("asks to open what %s names, and shows where to drop it", async (_, type, data, uris) => {
    const panel = await browser.open({});
    const hint = panel.page.locator(".drop-hint");
    expect(await hint.isVisible()).toBe(false);
    expect(await drag(panel, "dragover", type, data)).toBe(true);
    expect(await hint.innerText()).toBe("Drop a run’s folder or event file to open it");
    expect(await drag(panel, "drop", type, data)).toBe(true);
    expect(await hint.isVisible()).toBe(false);
    expect(await panel.posted("openDropped")).toEqual([{ type: "openDropped", uris }]);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });

  it("is left alone if it has no addresses", async () => {
    const panel = await browser.open({ before: "host.begin({}, 20);" });
    expect(await drag(panel, "dragover", "text/plain", "file:///a")).toBe(false);
    expect(await panel.page.locator(".drop-hint").isVisible()).toBe(false);
    await drag(panel, "drop", list, "# nothing\n");
    expect(await panel.posted("openDropped")).toEqual([]);
    await panel.close();
  });
});
