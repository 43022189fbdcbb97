/**
 * Compares pictures of the panel's blocks with recorded ones, in four themes. All text is set in boxes, so that a picture
 * does not depend on the machine's fonts.
 *
 * GRADLENS_PICTURES=record writes the present pictures into test/fixtures/pictures: look at each before it is committed.
 */

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";
import { sampled } from "../../budget.ts";
import { themes } from "./harness/themes.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

const recorded = path.join(root, "test/fixtures/pictures");
const compared = path.join(root, "out/screens/pictures");

/** A pixel differs beyond this distance of its channels; edges of curves differ less from browser to browser. */
const tolerance = 12;
/** Share of the pixels that may differ. */
const allowed = 0.002;

const views: { readonly [name: string]: string } = {
  run: "host.begin({ type: 'lstm', recurrent: 2, timesteps: 24, testEvery: 20 }, 60); host.withFindings(); host.end();",
  compared:
    "host.begin({ timesteps: 24 }, 40); host.offer('base', { timesteps: 24 }, 30); host.compare(['base']); host.withVerification(); host.end();",
  deep: "host.begin({ type: 'lstm' }, 40); host.withDeep(); host.end();",
  empty: "",
};

const browser = await panelBrowser();

async function open(theme: string, view: string): Promise<PanelPage> {
  return await browser.open({
    theme,
    width: 900,
    height: view === "deep" ? 1400 : 1000,
    before: views[view] ?? "",
    boxes: true,
  });
}

async function pictureOf(panel: PanelPage, view: string): Promise<Buffer> {
  if (view === "deep") await panel.page.locator(".deep").scrollIntoViewIfNeeded();
  const block = view === "deep" ? panel.page.locator(".deep") : panel.page.locator("main");
  return await block.screenshot({ animations: "disabled", caret: "hide" });
}

/** Share of the pixels that differ; 1 if the sizes differ. */
async function difference(panel: PanelPage, one: Buffer, other: Buffer): Promise<number> {
  // The page itself may load pictures only from where its policy allows; a blank one has no policy.
  const blank = await panel.page.context().newPage();
  const share = await blank.evaluate<number>(`(async () => {
    const pixels = async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const ctx = new OffscreenCanvas(image.width, image.height).getContext("2d");
      ctx.drawImage(image, 0, 0);
      return ctx.getImageData(0, 0, image.width, image.height);
    };
    const [a, b] = await Promise.all([pixels("${one.toString("base64")}"), pixels("${other.toString("base64")}")]);
    if (a.width !== b.width || a.height !== b.height) return 1;
    let different = 0;
    for (let i = 0; i < a.data.length; i += 4) {
      for (let c = i; c < i + 3; c++)
        if (Math.abs(a.data[c] - b.data[c]) > ${tolerance}) {
          different++;
          break;
        }
    }
    return different / (a.data.length / 4);
  })()`);
  await blank.close();
  return share;
}

const recording = process.env["GRADLENS_PICTURES"] === "record";

/** In CI each view in one light and one dark theme, with high contrast or without; in the quick tier two of them. */
function cases(): readonly (readonly [string, string])[] {
  const all = Object.keys(views);
  return Object.keys(themes).flatMap((theme, at) =>
    (recording ? all : sampled(all, 8, [0, 2, 5, 7][at], 2)).map((view) => [theme, view] as const),
  );
}

describe("the panel looks as recorded", () => {
  it.each(cases())("in the theme %s: %s", async (theme, view) => {
    const panel = await open(theme, view);
    const picture = await pictureOf(panel, view);
    const file = path.join(recorded, `${theme}-${view}.png`);
    if (recording) {
      fs.mkdirSync(recorded, { recursive: true });
      fs.writeFileSync(file, picture);
    }
    const share = await difference(panel, fs.readFileSync(file), picture);
    if (share > allowed) {
      fs.mkdirSync(compared, { recursive: true });
      fs.writeFileSync(path.join(compared, path.basename(file)), picture);
    }
    expect(share, `see out/screens/pictures/${path.basename(file)}`).toBeLessThanOrEqual(allowed);
    await panel.close();
  });

  const changes = [
    ["another colour of a curve", "document.documentElement.style.setProperty('--vscode-charts-blue', '#d18616')"],
    ["a missing legend", "document.querySelector('.heat-legend').remove()"],
    [
      "a button without its ground",
      "document.querySelectorAll('button').forEach((b) => { b.style.background = 'none'; })",
    ],
    ["a block that is moved", "document.querySelector('.loss').style.marginTop = '6px'"],
  ] as const;
  it.each(sampled(changes, 4, 0, 1))("and not with %s", async (_, change) => {
    const panel = await open("dark", "run");
    await panel.page.evaluate(change);
    await panel.settle();
    const picture = fs.readFileSync(path.join(recorded, "dark-run.png"));
    expect(await difference(panel, picture, await pictureOf(panel, "run"))).toBeGreaterThan(allowed);
    await panel.close();
  });
});
