/** The panel's page in a real browser, with its real content security policy and a fake host. */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as esbuild from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { panelHtml } from "../../../src/host/views/panelHtml.ts";
import { patience } from "../../../tools/patience.mts";
import { root } from "../../../tools/root.ts";
import { findBrowser } from "../../../tools/vscode/browser.ts";
import { boxFont } from "./harness/boxFont.ts";

const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const origin = "http://panel.test";
const nonce = "ToRmcHgXQ7mAqX0Qw2mXIA";
/** The page as the extension host builds it, with the fake host's script before the panel's. */
const panelScript = `<script nonce="${nonce}" src="${origin}/panel.js">`;
const shell = panelHtml(
  { script: `${origin}/panel.js`, style: `${origin}/panel.css`, cspSource: origin },
  nonce,
).replace(panelScript, `<script nonce="${nonce}" src="${origin}/fakeHost.js"></script>\n${panelScript}`);
/** Where the content security policy begins. */
const policy = "default-src 'none'";

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const result = await esbuild.build({
    entryPoints: {
      panel: path.join(root, "webview/main.ts"),
      fakeHost: path.join(root, "test/ui/panel/harness/fakeHost.ts"),
    },
    bundle: true,
    write: false,
    outdir: "/",
    platform: "browser",
    format: "iife",
    target: "es2022",
    logLevel: "warning",
  });
  return new Map(result.outputFiles.map((f) => [path.basename(f.path), f.text]));
}

const boxes = `
@font-face { font-family: Boxes; src: url(${origin}/boxes.ttf); }
* { font-family: Boxes !important; }
html { background: var(--vscode-editor-background); }`;

export interface OpenOptions {
  readonly theme?: string;
  readonly width?: number;
  readonly height?: number;
  /** Expression run on `fakeHost` (as `host`) before the panel starts. */
  readonly before?: string;
  readonly deviceScaleFactor?: number;
  /** Tag of the language that the page speaks; English by default. */
  readonly language?: string;
  /** Sets every text in boxes, which are the same on every machine. */
  readonly boxes?: boolean;
  /** Allows the fake host a thread of its own, which the page's content security policy forbids. */
  readonly threads?: boolean;
}

/** The browser of all tests of this process: they need pages of their own, not browsers. It ends with the process. */
let shared: Promise<PanelBrowser> | undefined;

export function panelBrowser(): Promise<PanelBrowser> {
  shared ??= PanelBrowser.start();
  return shared;
}

export class PanelBrowser {
  readonly #browser: Browser;
  readonly #files: ReadonlyMap<string, string>;
  /** Pages that tests have closed, by their ratio. Another page, with scripts to compile, takes twice the time. */
  readonly #idle = new Map<number, Page[]>();

  constructor(browser: Browser, files: ReadonlyMap<string, string>) {
    this.#browser = browser;
    this.#files = files;
  }

  static async start(): Promise<PanelBrowser> {
    const { executable } = await findBrowser();
    const [browser, files] = await Promise.all([
      chromium.launch({ executablePath: executable, args: ["--no-sandbox"] }),
      bundle(),
    ]);
    return new PanelBrowser(browser, files);
  }

  async open(options: OpenOptions = {}): Promise<PanelPage> {
    const ratio = options.deviceScaleFactor ?? 1;
    const page = this.#idle.get(ratio)?.pop() ?? (await this.#newPage(ratio));
    await page.setViewportSize({ width: options.width ?? 1200, height: options.height ?? 860 });
    const errors: string[] = [];
    page.on("pageerror", (e) => errors.push(String(e)));
    page.on("console", (m) => {
      if (m.type() === "error" || m.type() === "warning") errors.push(m.text());
    });
    await page.route(`${origin}/**`, (route) => {
      const name = path.basename(new URL(route.request().url()).pathname);
      if (name === "page") {
        const inLanguage = shell.replace('lang="en"', `lang="${options.language ?? "en"}"`);
        const body = options.threads ? inLanguage.replace(policy, `${policy}; worker-src blob:`) : inLanguage;
        return route.fulfill({ contentType: "text/html", body });
      }
      if (name === "blank") return route.fulfill({ contentType: "text/html", body: "" });
      if (name === "boxes.ttf") return route.fulfill({ contentType: "font/ttf", body: boxFont("Boxes") });
      let body = this.#files.get(name);
      if (body === undefined) return route.fulfill({ status: 404, body: "" });
      if (name === "fakeHost.js" && options.before !== undefined)
        body += `;((host) => { ${options.before} })(globalThis.fakeHost);`;
      if (name === "panel.css" && options.boxes) body += boxes;
      const contentType = name.endsWith(".css") ? "text/css" : "text/javascript";
      return route.fulfill({ contentType, body });
    });
    await page.goto(`${origin}/page?theme=${options.theme ?? "dark"}`);
    const opened = new PanelPage(page, errors, () => this.#leave(page, ratio));
    if (options.boxes) {
      await opened.settle();
      await page.evaluate("document.fonts.load('11px Boxes')");
      // Charts read the font when the theme changes.
      await page.evaluate("document.documentElement.style.setProperty('--vscode-font-family', 'Boxes')");
    }
    await opened.settle();
    return opened;
  }

  async #newPage(deviceScaleFactor: number): Promise<Page> {
    const context = await this.#browser.newContext({ deviceScaleFactor });
    context.setDefaultTimeout(patience.wait);
    return await context.newPage();
  }

  /** Keeps the page for the next test, with nothing of the last one. */
  async #leave(page: Page, ratio: number): Promise<void> {
    await page.mouse.move(0, 0);
    await page.evaluate("sessionStorage.clear()");
    for (const event of ["pageerror", "console"] as const) page.removeAllListeners(event);
    await page.goto(`${origin}/blank`);
    await page.unrouteAll();
    this.#idle.set(ratio, [...(this.#idle.get(ratio) ?? []), page]);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

export interface Posted {
  readonly type: string;
  readonly [key: string]: unknown;
}

export class PanelPage {
  readonly page: Page;
  /** Exceptions and console errors, including refused scripts and styles. */
  readonly errors: readonly string[];
  /** Ends the use of the page. */
  readonly close: () => Promise<void>;

  constructor(page: Page, errors: readonly string[], close: () => Promise<void>) {
    this.page = page;
    this.errors = errors;
    this.close = close;
  }

  /** Evaluates an expression with the fake host as `host`. */
  async host<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(`((host) => (${expression}))(globalThis.fakeHost)`);
  }

  /** Waits until everything requested is drawn. */
  async settle(): Promise<void> {
    await this.page.evaluate("fakeHost.settled()");
  }

  async posted(type: string): Promise<readonly Posted[]> {
    const all = await this.host<readonly Posted[]>("host.posted");
    return all.filter((m) => m.type === type);
  }

  /** Colour of a chart's canvas at a position in CSS pixels. */
  async pixel(block: string, x: number, y: number): Promise<readonly number[]> {
    return this.page.evaluate<readonly number[]>(`(() => {
      const canvas = document.querySelector(".${block} canvas");
      const ratio = canvas.width / canvas.clientWidth;
      return [...canvas.getContext("2d").getImageData(Math.round(${x} * ratio), Math.round(${y} * ratio), 1, 1).data];
    })()`);
  }

  /** A digest of a chart's canvas. */
  async drawing(block: string): Promise<string> {
    return this.page.evaluate<string>(`document.querySelector(".${block} canvas").toDataURL()`);
  }

  /** What axe finds wrong with the page as it is shown: rule, element and reason of each fault. */
  async accessibilityFaults(): Promise<readonly string[]> {
    await this.page.evaluate(axe);
    return this.page.evaluate<readonly string[]>(
      "axe.run().then((r) => r.violations.flatMap((v) => v.nodes.map((n) => [v.id, n.html.slice(0, 120), n.failureSummary].join(' '))))",
    );
  }

  /** Saves a screenshot into `out/screens`. */
  async screenshot(name: string): Promise<void> {
    const file = path.join(root, "out/screens", `${name}.png`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
  }
}
