import fs from "node:fs";
import path from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { patience } from "../patience.mts";
import { npmChromium } from "./npmChromium.ts";

export interface Browser {
  readonly executable: string;
  /** Its origin and version, for people. */
  readonly what: string;
}

const ON_PATH = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const ELSEWHERE = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

let found: Promise<Browser> | undefined;

/**
 * A Chromium that was verified to start: `GRADLENS_CHROMIUM`, otherwise an installed one, otherwise the one from npm.
 *
 * @throws if the one that `GRADLENS_CHROMIUM` names does not start, or if there is none at all
 */
export function findBrowser(): Promise<Browser> {
  found ??= find();
  return found;
}

async function find(): Promise<Browser> {
  const named = process.env["GRADLENS_CHROMIUM"];
  if (named) return { executable: named, what: `${await seenToStart(named)} (${named})` };
  for (const executable of installed()) {
    const what = await seenToStart(executable).catch(() => undefined);
    if (what !== undefined) return { executable, what: `${what} (${executable})` };
  }
  const executable = await npmChromium();
  return { executable, what: `${await seenToStart(executable)} (npm: @sparticuz/chromium)` };
}

function installed(): string[] {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((f) => f !== "");
  const candidates = [...ON_PATH.flatMap((name) => folders.map((f) => path.join(f, name))), ...ELSEWHERE];
  return [...new Set(candidates)].filter((f) => fs.existsSync(f));
}

/** Its version, after it has run a line of script: some installed browsers are launchers of missing programs. */
async function seenToStart(executable: string): Promise<string> {
  const browser = await chromium.launch({
    executablePath: executable,
    headless: true,
    chromiumSandbox: false,
    args: ARGS,
    timeout: patience.wait,
  });
  try {
    const page = await browser.newPage();
    const sum = await page.evaluate("1 + 1");
    if (sum !== 2) throw new Error(`${executable} starts but cannot run a script`);
    return `Chromium ${browser.version()}`;
  } finally {
    await browser.close();
  }
}

const ARGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];

export interface PageOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly deviceScaleFactor?: number;
  readonly colorScheme?: "light" | "dark";
  /** The language that extensions are told: `zh-cn`. VS Code's own words stay English, for lack of a language pack. */
  readonly language?: string;
}

/**
 * Starts the browser with a page. Only 127.0.0.1 resolves in it, so that a test that needs the network fails
 * everywhere. Closing the context ends the browser.
 *
 * @param profile folder for the browser's files, new for each start
 */
export async function startBrowser(
  profile: string,
  { viewport = { width: 1400, height: 900 }, deviceScaleFactor = 1, colorScheme = "dark", language }: PageOptions = {},
): Promise<{ context: BrowserContext; page: Page; what: string }> {
  const { executable, what } = await findBrowser();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    headless: true,
    chromiumSandbox: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    viewport,
    deviceScaleFactor,
    colorScheme,
    locale: "en-US",
    permissions: ["clipboard-read", "clipboard-write"],
    args: ARGS,
  });
  context.setDefaultTimeout(patience.wait);
  if (language !== undefined)
    await context.addInitScript((tag) => {
      // VS Code's page asks for it; a script with its messages would set it.
      Object.defineProperty(globalThis, "_VSCODE_NLS_LANGUAGE", { get: () => tag, set: () => {} });
    }, language);
  return { context, page: context.pages()[0] ?? (await context.newPage()), what };
}
