/** The page in its languages: every word of the page comes from the catalogue, and Chinese fits where English does. */

import { describe, expect, it } from "vitest";
import { languageTag, speak } from "../../../src/messages/language.ts";
import { outsideOfBrackets } from "../../../src/messages/pseudo.ts";
import { findingCodes } from "../../../src/protocol/finding.ts";
import { sampled } from "../../budget.ts";
import { type PanelPage, panelBrowser } from "./panelPage.ts";

const browser = await panelBrowser();

const pseudo = ((): string => {
  speak("pseudo");
  const tag = languageTag();
  speak("en");
  return tag;
})();

const states: { readonly [name: string]: string } = {
  run: "host.begin({ type: 'lstm', recurrent: 2, timesteps: 24, testEvery: 20 }, 60); host.withFindings(); host.end();",
  "going run": "host.begin({ timesteps: 24 }, 40); host.withFindings();",
  compared:
    "host.begin({ timesteps: 24 }, 40); host.offer('base', { timesteps: 24 }, 30); host.compare(['base']); host.withVerification(); host.end();",
  deep: "host.begin({ type: 'lstm' }, 40); host.withDeep(); host.end();",
  nothing: "",
  "no config": "host.hasConfig = false;",
  restricted: "host.trusted = false;",
};

/** Keeps what the page's canvases write. */
const recordDrawnText =
  "globalThis.drawn = new Set(); const write = CanvasRenderingContext2D.prototype.fillText; CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { globalThis.drawn.add(String(text)); return write.call(this, text, ...at); };";

/** Every text of the page: nodes, tooltips, names for screen readers, and what the charts write. */
const saidByPage = `(() => {
  const said = new Set(globalThis.drawn);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) said.add(walk.currentNode.data);
  for (const element of document.body.querySelectorAll("*"))
    for (const name of ["title", "aria-label", "aria-valuetext", "aria-description", "alt", "placeholder", "data-title", "data-name"])
      if (element.hasAttribute(name)) said.add(element.getAttribute(name));
  return [...said];
})()`;

/** Words that come from the run's own data, which the fake host writes in English: names, and the texts of findings. */
function ownWords(text: string, given: ReadonlySet<string>): readonly string[] {
  let rest = outsideOfBrackets(text);
  for (const words of [...given].sort((a, b) => b.length - a.length)) rest = rest.replaceAll(words, "");
  return rest.match(/[A-Za-z]{3,}/g) ?? [];
}

const open = `for (const fold of document.querySelectorAll("button.fold[aria-expanded=false]")) fold.click();
  for (const details of document.querySelectorAll(".findings details")) details.open = true;`;
const showTables = `for (const button of document.querySelectorAll("button.tool[aria-pressed=false]")) button.click();`;

async function act(panel: PanelPage, script: string): Promise<void> {
  await panel.page.evaluate(script);
  await panel.settle();
}

describe("in the pseudo-locale", () => {
  it.each(sampled(Object.keys(states), 8, 1, 1))("no word of the page with %s is out of brackets", async (state) => {
    const panel = await browser.open({ language: pseudo, before: `${recordDrawnText} ${states[state]}` });
    await act(panel, open);
    const charts = await panel.page.evaluate<readonly string[]>(saidByPage);
    await act(panel, showTables);
    const said = [...charts, ...(await panel.page.evaluate<readonly string[]>(saidByPage))];
    const given = new Set([
      ...(await panel.host<readonly string[]>("[...host.texts].filter((text) => text.length > 1)")),
      ...["Gradient Lens", "Step1", "NaN", "log", ...findingCodes],
    ]);
    expect(said.filter((text) => text.includes("⟦")).length).toBeGreaterThan(state === "nothing" ? 3 : 2);
    expect([...new Set(said)].filter((text) => ownWords(text, given).length > 0)).toEqual([]);
    expect(panel.errors).toEqual([]);
    await panel.close();
  });
});

/** Elements whose text is cut off: it is wider than the box that hides what overflows, or than the page. */
const cutOff = `[...document.body.querySelectorAll("*")]
  .filter((e) => e.checkVisibility() && e.clientWidth > 1 && !e.classList.contains("hidden-text"))
  .filter((e) => {
    const { overflowX } = getComputedStyle(e);
    return e.tagName !== "SELECT" && (overflowX === "hidden" || overflowX === "clip") && e.scrollWidth > e.clientWidth + 1;
  })
  .map((e) => e.className + ": " + e.textContent.trim().slice(0, 60))`;

describe("in Chinese", () => {
  // In CI each state at each width, in one of the themes; in the quick tier two of them.
  for (const [i, theme] of ["dark", "light"].entries())
    for (const [j, width] of [1200, 320].entries())
      it.each(sampled(["run", "compared", "deep", "nothing"], 8, [0, 5, 7, 2][2 * i + j], 2))(
        `%s fits in ${theme} at ${width} pixels`,
        async (state) => {
          const panel = await browser.open({ language: "zh-CN", theme, width, before: states[state] ?? "" });
          await act(panel, open);
          const han = await panel.page.evaluate<number>(
            "document.body.innerText.match(/\\p{Script=Han}/gu)?.length ?? 0",
          );
          expect(han).toBeGreaterThan(30);
          await panel.page.setViewportSize({ width, height: 2400 });
          await panel.settle();
          await panel.screenshot(`panel-zh-${theme}-${state}-${width}`);
          expect(await panel.page.evaluate<readonly string[]>(cutOff)).toEqual([]);
          const scrolls = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
          expect(await panel.page.evaluate(scrolls)).toBe(false);
          await panel.close();
        },
      );

  it("takes signs of mathematics from a font in which they are narrow", async () => {
    const panel = await browser.open({ language: "zh-CN", before: states["run"] ?? "" });
    const width = await panel.page.evaluate<number>(`(() => {
      document.body.style.setProperty("--vscode-font-family", "'Noto Sans CJK SC', sans-serif");
      const sign = document.body.appendChild(document.createElement("span"));
      sign.style.cssText = "position: absolute; font-size: 100px";
      sign.textContent = "\u2016\u2207";
      return sign.getBoundingClientRect().width;
    })()`);
    expect(width).toBeLessThan(140);
    await panel.close();
  });
});
