import { spawnSync } from "node:child_process";
import path from "node:path";
import { downloadAndUnzipVSCode, SilentReporter } from "@vscode/test-electron";
import { root } from "../../tools/root.ts";
import { findBrowser } from "../../tools/vscode/browser.ts";
import { vsCodeServer } from "../../tools/vscode/server.ts";

export interface ChosenVsCode {
  /** For `runTests({ vscodeExecutablePath })`. */
  readonly executable: string;
  /** Description of the choice. */
  readonly what: string;
}

const REACHABLE_MS = 5000;
const DOWNLOAD_MS = 4 * 60_000;

/**
 * The VS Code for the integration tests: the one that `VSCODE_EXE` names, else a desktop build that can be downloaded
 * and started here, else VS Code's server from npm behind the stand-in executable.
 */
export async function chooseVsCode(say: (line: string) => void): Promise<ChosenVsCode> {
  const named = process.env["VSCODE_EXE"];
  if (named) return { executable: named, what: `VS Code at ${named} (VSCODE_EXE)` };
  const desktop = await desktopBuild();
  if ("executable" in desktop) return desktop;
  say(`no desktop VS Code: ${desktop.because}`);
  const [server, browser] = await Promise.all([vsCodeServer(), findBrowser()]);
  return {
    executable: path.join(root, "test/vscode/code.mjs"),
    what: `VS Code ${server.version}, its server from npm with the workbench in ${browser.what}`,
  };
}

async function desktopBuild(): Promise<ChosenVsCode | { because: string }> {
  const noDisplay = !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"];
  if (process.platform === "linux" && noDisplay) return { because: "no display to open it on" };
  try {
    const answer = await fetch("https://update.code.visualstudio.com/api/releases/stable", {
      signal: AbortSignal.timeout(REACHABLE_MS),
    });
    if (!answer.ok) return { because: `its download service answers ${answer.status}` };
    const executable = await withLimit(
      downloadAndUnzipVSCode({
        version: "stable",
        timeout: 20_000,
        cachePath: path.join(root, ".cache/vscode-desktop"),
        reporter: new SilentReporter(),
      }),
    );
    const missing = missingLibraries(executable);
    if (missing.length > 0) return { because: `it needs ${missing.join(", ")}, which this system lacks` };
    return { executable, what: `desktop VS Code, downloaded (${path.basename(path.dirname(executable))})` };
  } catch (error) {
    return { because: `it cannot be downloaded (${error instanceof Error ? error.message : error})` };
  }
}

function withLimit<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${DOWNLOAD_MS / 60_000} minutes`)), DOWNLOAD_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function missingLibraries(executable: string): string[] {
  if (process.platform !== "linux") return [];
  const listed = spawnSync("ldd", [executable], { encoding: "utf8" }).stdout ?? "";
  return [...listed.matchAll(/^\s*(\S+) => not found/gm)].map((m) => m[1] ?? "");
}
