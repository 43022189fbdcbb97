import { execFile } from "node:child_process";
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
