import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { patience } from "../patience.mts";
import { type PageOptions, startBrowser } from "./browser.ts";
import { Scratch } from "./scratch.ts";
import { vsCodeServer } from "./server.ts";

/** Nothing may pop up, use the network or compete for the side bars. */
const QUIET_SETTINGS = {
  "workbench.startupEditor": "none",
  // A reloaded window restores its tabs although its address names a file to open.
  "window.restoreWindows": "preserve",
  // What is picked from a list stays to be picked, whatever takes the focus: a page that loads, a notification.
  "workbench.quickOpen.closeOnFocusLost": false,
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.welcomePage.experimentalOnboarding": false,
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
};

export interface ServerOptions {
  /** Default: a new folder per start. Settings in it are kept. */
  readonly userDataDir?: string;
  readonly extensionsDir?: string;
  /**
   * Without VS Code's driver for its own tests, the server ignores `WorkbenchAddress.extension`; with it, the page
   * shows no notifications. Default: with it.
   */
  readonly testDriver?: boolean;
  /** Added to the quiet settings of a new user-data folder. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Workspace Trust with the user's defaults: a folder opens in Restricted Mode. Default: everything is trusted. */
  readonly trust?: boolean;
  readonly proposedApi?: readonly string[];
  /**
   * Seconds for which the server keeps the extension host of a page that is gone. Default 30: a test's page does not
   * come back.
   */
  readonly reconnectionSeconds?: number;
  /** Receives the server's output. Default: nothing is printed. */
  readonly log?: (line: string) => void;
}

export interface RunningServer {
  /** "127.0.0.1:port" */
  readonly origin: string;
  /** Without it, the server does not respond. */
  readonly token: string;
  readonly version: string;
  /** Resolves with the reason when the server has ended. */
  readonly ended: Promise<string>;
}

/**
 * Runs a command in the shell's own process group, and ends the group when the pipe to its stdin breaks, so that a
 * killed test run leaves no server behind.
 */
const WATCHED = `trap : TERM
exec 3<&0 </dev/null
(read -r _ <&3; kill -KILL 0) &
"$@" 3<&-`;

/** Starts VS Code's server on a free port of 127.0.0.1 and waits until it listens. `scratch.close()` ends it. */
export async function startServer(scratch: Scratch, options: ServerOptions = {}): Promise<RunningServer> {
  const { dir, node, version } = await vsCodeServer();
  const userData = options.userDataDir ?? path.join(scratch.dir, "user-data");
  const settings = path.join(userData, "User", "settings.json");
  if (!fs.existsSync(settings)) {
    fs.mkdirSync(path.dirname(settings), { recursive: true });
    fs.writeFileSync(settings, JSON.stringify({ ...QUIET_SETTINGS, ...options.settings }, null, 2));
  }
  const token = randomBytes(16).toString("hex");
  const tokenFile = path.join(scratch.dir, "token");
  fs.writeFileSync(tokenFile, token, { mode: 0o600 });
  const args = [
    path.join(dir, "out/server-main.js"),
    ...["--host", "127.0.0.1", "--port", "0", "--connection-token-file", tokenFile, "--accept-server-license-terms"],
    ...["--server-data-dir", path.join(scratch.dir, "server"), "--user-data-dir", userData],
    ...["--extensions-dir", options.extensionsDir ?? path.join(scratch.dir, "extensions")],
    ...(options.testDriver === false ? [] : ["--enable-smoke-test-driver"]),
    ...["--telemetry-level", "off", "--disable-telemetry", "--disable-experiments", "--disable-update-check"],
    "--disable-getting-started-override",
    // Avoids a login shell for the extension host's environment.
    "--force-disable-user-env",
    ...["--reconnection-grace-time", String(options.reconnectionSeconds ?? 30)],
    ...(options.trust ? [] : ["--disable-workspace-trust"]),
    ...(options.proposedApi ?? []).map((id) => `--enable-proposed-api${id && `=${id}`}`),
  ];
  // A separate process group, so that the extension host and everything it started end with it.
  const child = spawn("sh", ["-c", WATCHED, "sh", node, ...args], {
    env: serverEnv(scratch.dir),
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(`VS Code's server ended (${signal ?? code})`));
    child.once("error", (error) => resolve(`VS Code's server did not start: ${error.message}`));
  });
  scratch.defer(() => endGroup(child, ended));
  const port = await listeningPort(child, ended, options.log ?? (() => {}));
  return { origin: `127.0.0.1:${port}`, token, version, ended };
}

function serverEnv(tmp: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // For the sockets of the server and the git extension.
    XDG_RUNTIME_DIR: tmp,
    EXTENSIONS_GALLERY: JSON.stringify({
      serviceUrl: "",
      itemUrl: "",
      resourceUrlTemplate: "",
      controlUrl: "",
      recommendationsUrl: "",
    }),
  };
  // Set in a terminal of VS Code or under a test runner; they would affect this server.
  for (const name of ["CODE_SERVER_PARENT_PID", "VSCODE_IPC_HOOK_CLI", "VSCODE_DEV", "ELECTRON_RUN_AS_NODE"])
    delete env[name];
  for (const name of ["NODE_OPTIONS", "VITEST", "NODE_ENV"]) delete env[name];
  return env;
}

async function endGroup(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-pid, name);
    } catch {
      // The group has already ended.
    }
  };
  signal("SIGTERM");
  const timer = setTimeout(() => signal("SIGKILL"), 5000);
  await ended;
  clearTimeout(timer);
  signal("SIGKILL");
}

function listeningPort(child: ChildProcess, ended: Promise<string>, log: (line: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let tail = "";
    const late = () =>
      reject(new Error(`VS Code's server reported no port within ${patience.wait / 1000} s:\n${tail}`));
    const timer = setTimeout(late, patience.wait);
    ended.then((why) => reject(new Error(`${why}\n${tail}`))).finally(() => clearTimeout(timer));
    const hear = (chunk: Buffer) => {
      tail = (tail + chunk).slice(-8000);
      for (const line of String(chunk).trimEnd().split("\n")) log(`[server] ${line}`);
      const port = /Extension host agent listening on (\d+)/.exec(tail)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
  });
}

export interface WorkbenchAddress {
  readonly folder?: string | undefined;
  /** A .code-workspace file instead of a folder. */
  readonly workspace?: string | undefined;
  readonly file?: string | undefined;
  /** Folder of the extension to load. VS Code's page accepts one. */
  readonly extension?: string | undefined;
  /** Module whose run() the extension host calls. */
  readonly tests?: string | undefined;
  readonly payload?: ReadonlyArray<readonly [string, string]>;
}

/** The page's address; its `payload` replaces VS Code's command line in the web workbench. */
export function workbenchUrl({ origin, token }: RunningServer, open: WorkbenchAddress): string {
  const remote = (p: string) => `vscode-remote://${origin}${p.split("/").map(encodeURIComponent).join("/")}`;
  const payload = [["skipWelcome", "true"], ["skipReleaseNotes", "true"], ...(open.payload ?? [])];
  if (open.extension) payload.push(["extensionDevelopmentPath", remote(open.extension)]);
  if (open.tests) payload.push(["extensionTestsPath", remote(open.tests)]);
  if (open.file) payload.push(["openFile", remote(open.file)]);
  const query = new URLSearchParams({ tkn: token });
  if (open.workspace) query.set("workspace", open.workspace);
  else if (open.folder) query.set("folder", open.folder);
  else query.set("ew", "true");
  query.set("payload", JSON.stringify(payload));
  return `http://${origin}/?${query}`;
}

export interface Workbench {
  readonly page: Page;
  readonly server: RunningServer;
  readonly url: string;
  close(): Promise<void>;
}

/** A VS Code in a page of its own server and browser, with the contents that `open` names. */
export async function openWorkbench(
  open: WorkbenchAddress,
  options: ServerOptions & PageOptions = {},
): Promise<Workbench> {
  const scratch = new Scratch();
  try {
    const server = await startServer(scratch, options);
    const { context, page } = await startBrowser(path.join(scratch.dir, "browser"), options);
    scratch.defer(() => context.close());
    const url = workbenchUrl(server, open);
    await page.goto(url);
    await page.waitForSelector(".monaco-workbench .part.editor", { timeout: patience.wait });
    return { page, server, url, close: () => scratch.close() };
  } catch (error) {
    await scratch.close();
    throw error;
  }
}
