import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { vsCodeServer } from "./server.ts";

/**
 * Installs a VSIX file as VS Code itself does.
 *
 * @param extensionsDir folder for installed extensions, new or empty
 * @param dataDir folder for the server's own files, new or empty
 * @throws if VS Code refuses the file
 */
export async function installExtension(vsix: string, extensionsDir: string, dataDir: string): Promise<void> {
  const { dir, node } = await vsCodeServer();
  await promisify(execFile)(node, [
    path.join(dir, "out/server-main.js"),
    ...["--accept-server-license-terms", "--server-data-dir", dataDir, "--extensions-dir", extensionsDir],
    ...["--install-extension", vsix],
  ]);
}

/**
 * Installs the checkout itself, so that a build is seen after a reload of the window.
 *
 * @param checkout folder with the extension's manifest and its build
 * @param extensionsDir folder for installed extensions, new or empty: VS Code lists only once what lies in it
 */
export function linkExtension(checkout: string, extensionsDir: string): void {
  fs.mkdirSync(extensionsDir, { recursive: true });
  fs.symlinkSync(checkout, path.join(extensionsDir, "gradient-lens"), "dir");
}
