import { describe, expect, it } from "vitest";
import { isPng } from "../../../src/host/save/png.ts";
import { fromPanelSchema } from "../../../src/protocol/panelMessages.ts";
import { sampled } from "../../budget.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

interface Picture {
  readonly chart: string;
  readonly png: string;
}

async function pictures(panel: PanelPage): Promise<readonly Picture[]> {
  return (await panel.posted("savePicture")).flatMap((message) => {
    const parsed = fromPanelSchema.parse(message);
    return parsed.type === "savePicture" ? [parsed] : [];
  });
}

/** Size of the newest picture, and its pixels at positions in CSS pixels, as a browser decodes it. */
async function decoded(panel: PanelPage, png: string, ...places: readonly (readonly [number, number])[]) {
  return panel.page.evaluate<{ width: number; height: number; pixels: number[][]; colours: number }>(`(async () => {
    const bytes = Uint8Array.from(atob("${png}"), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const ctx = canvas.getContext("2d");
    ctx.drawImage(image, 0, 0);
    const all = new Uint32Array(ctx.getImageData(0, 0, image.width, image.height).data.buffer);
    const ratio = devicePixelRatio;
    return {
      width: image.width / ratio,
      height: image.height / ratio,
      pixels: ${JSON.stringify(places)}.map(([x, y]) => [...ctx.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data]),
      colours: new Set(all).size,
    };
  })()`);
}

describe("a chart saved as a picture", () => {
  const grounds = [
    ["dark", "31,31,31,255", 1],
    ["light", "255,255,255,255", 2],
  ] as const;
  it.each(sampled(grounds, 2, 1, 1))(
    "has the chart's pixels on the theme's ground, a title and a legend (%s)",
    async (theme, ground, ratio) => {
      const panel = await browser.open({
        theme,
        deviceScaleFactor: ratio,
        before: "host.begin({ timesteps: 10, testEvery: 5 }, 20);",
      });
      for (const chart of ["loss", "heat", "profile"]) await panel.page.click(`.${chart} button.save-picture`);
      const saved = await pictures(panel);
      expect(saved.map((p) => p.chart)).toEqual(["loss", "heat", "profile"]);
      for (const { chart, png } of saved) {
        expect(isPng(Buffer.from(png, "base64"))).toBe(true);
        const size = await panel.page.evaluate<{ width: number; height: number }>(`(() => {
        const { clientWidth: width, clientHeight: height } = document.querySelector(".${chart} canvas");
        return { width, height };
      })()`);
        const [x, y] = [Math.round(size.width * 0.6), Math.round(size.height * 0.5)];
        const { width, height, pixels, colours } = await decoded(panel, png, [1, 1], [8 + x, 26 + y]);
        expect(pixels[0]?.join()).toBe(ground);
        if (chart === "heat") expect(pixels[1]).toEqual(await panel.pixel("heat", x, y));
        expect(colours).toBeGreaterThan(20);
        expect(width).toBe(size.width + 16);
        // The title's line, and at least one line of legend.
        expect(height).toBeGreaterThanOrEqual(size.height + 16 + 2 * 18);
      }
      await panel.close();
    },
  );

  it("can show the deep probe, has a name for screen readers, and is not available in table view", {
    tags: "thorough",
  }, async () => {
    const panel = await browser.open({ before: "host.begin({}, 20); host.withDeep();" });
    for (const button of await panel.page.locator(".deep button.save-picture").all()) await button.click();
    const saved = await pictures(panel);
    expect(saved.map((p) => p.chart)).toEqual(["flow", "exponents", "singular", "products"]);
    expect(new Set(saved.map((p) => p.png)).size).toBe(4);
    expect(await panel.page.getAttribute(".heat button.save-picture", "aria-label")).toMatch(/: save as a picture$/);
    await panel.page.focus(".loss button.save-picture");
    await panel.page.keyboard.press("Enter");
    expect((await pictures(panel)).at(-1)?.chart).toBe("loss");
    await panel.page.click(".loss button.tool");
    await panel.settle();
    expect(await panel.page.isVisible(".loss button.save-picture")).toBe(false);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });
});
