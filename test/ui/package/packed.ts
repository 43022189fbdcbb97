/** The extension as `npm run package` packs it, made once for all tests of a run. */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { listPackaged } from "../../../tools/package/stage.ts";
import { root } from "../../../tools/root.ts";
import { lock } from "../../../tools/vscode/fileLock.ts";

export interface Packed {
  /** Path of the VSIX file. */
  readonly vsix: string;
  /** Folder with the files that were packed. */
  readonly folder: string;
  /** Paths of the packed files in that folder. */
  readonly files: readonly string[];
}

let packed: Promise<Packed> | undefined;

export function packedExtension(): Promise<Packed> {
  packed ??= pack();
  return packed;
}

const vsix = path.join(root, "out/tested.vsix");
const folder = path.join(root, "out/packing");
/** Names the run of the tests whose package this is. */
const mark = path.join(root, "out/tested.run");

/** Packs once for all processes of one run: the others wait, and take what the first one made. */
async function pack(): Promise<Packed> {
  const run = process.env["GRADLENS_TEST_RUN"];
  fs.mkdirSync(path.dirname(mark), { recursive: true });
  const release = await lock(`${mark}.lock`);
  try {
    if (run === undefined || !fs.existsSync(mark) || fs.readFileSync(mark, "utf8") !== run) {
      for (const file of [mark, vsix]) fs.rmSync(file, { force: true });
      execFileSync("npm", ["run", "--silent", "package", "--", "--out", vsix], { cwd: root, stdio: "pipe" });
      fs.writeFileSync(mark, run ?? "");
    }
  } finally {
    release();
  }
  return { vsix, folder, files: listPackaged(folder) };
}
