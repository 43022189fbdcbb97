/** The extension as it is packed: a copy of the checkout with a minified build, and with documents for readers without it. */

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root } from "../root.ts";
import { packagedMarkdown } from "./packagedMarkdown.ts";

/** Files that a checkout does not contain, from .gitignore. */
const notCopied = [".git", "node_modules", "dist", "out", ".cache", ".vscode-test", "checkpoints"];

/** The program that packs. */
export const vsce = path.join(root, "node_modules/@vscode/vsce/vsce");

/** Makes the copy, so that the checkout's own dist/ is neither needed nor changed. */
export function stagePackage(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true });
  for (const name of fs.readdirSync(root).filter((name) => !notCopied.includes(name)))
    fs.cpSync(path.join(root, name), path.join(folder, name), {
      recursive: true,
      filter: (from) => !notCopied.includes(path.basename(from)),
    });
  const dist = path.relative(root, path.join(folder, "dist"));
  execFileSync(process.execPath, ["esbuild.mjs", "--minify", `--out=${dist}`], { cwd: root });
  const files = listPackaged(folder);
  const shipped = new Set(files);
  for (const file of files.filter((name) => name.endsWith(".md"))) {
    const whole = path.join(folder, file);
    fs.writeFileSync(
      whole,
      packagedMarkdown(fs.readFileSync(whole, "utf8"), file, (name) => shipped.has(name)),
    );
  }
}

/** The paths of what a package of this folder contains, as `vsce` lists them. */
export function listPackaged(folder: string): readonly string[] {
  const options = { cwd: folder, encoding: "utf8" } as const;
  return execFileSync(process.execPath, [vsce, "ls", "--no-dependencies"], options).trim().split("\n");
}
