/**
 * `npm run package`: packs the extension as a VSIX file. Further arguments go to `vsce package`, for example
 * `--out <file>` or `--target linux-x64`.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { stagePackage, vsce } from "../tools/package/stage.ts";
import { root } from "../tools/root.ts";

const stage = path.join(root, "out/packing");
stagePackage(stage);
const given = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    vsce,
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--no-rewrite-relative-links",
    ...(given.some((argument) => argument === "--out" || argument === "-o") ? [] : ["--out", root]),
    ...given,
  ],
  { cwd: stage, stdio: "inherit" },
);
process.exit(status ?? 1);
