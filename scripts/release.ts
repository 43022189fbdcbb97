/**
 * `npm run release`: packs the extension and reports what publishing would do. `npm run release -- --publish` publishes
 * it to the Visual Studio Marketplace (vsce, token in VSCE_PAT) and to Open VSX (ovsx, token in OVSX_PAT).
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { releaseProblems } from "../tools/releaseProblems.ts";
import { root } from "../tools/root.ts";

/** Not a dependency, because only the publisher needs it. This version runs on Node 20. */
const OVSX = "ovsx@0.10.12";

const { values } = parseArgs({ options: { publish: { type: "boolean", default: false } } });
const read = (name: string): string => fs.readFileSync(path.join(root, name), "utf8");
const { name, version } = z.object({ name: z.string(), version: z.string() }).parse(JSON.parse(read("package.json")));

const problems = releaseProblems({
  version,
  changelog: read("CHANGELOG.md"),
  changes: git("status", "--porcelain"),
  tags: git("tag", "--list").split("\n"),
  tokens: { VSCE_PAT: process.env["VSCE_PAT"], OVSX_PAT: process.env["OVSX_PAT"] },
});
for (const problem of problems) console.error(`not ready: ${problem}`);
if (values.publish && problems.length > 0) process.exit(1);

const folder = path.join(root, "out/release");
const vsix = path.join(folder, `${name}-${version}.vsix`);
fs.mkdirSync(folder, { recursive: true });
run("npm", ["run", "package", "--", "--out", vsix]);
console.log(`packed ${path.relative(root, vsix)}, ${(fs.statSync(vsix).size / 1e6).toFixed(1)} MB`);

const steps: readonly (readonly [command: string, args: readonly string[]])[] = [
  ["npx", ["vsce", "publish", "--packagePath", vsix]],
  ["npx", ["--yes", OVSX, "publish", vsix]],
  ["git", ["tag", `v${version}`]],
];
for (const [command, args] of steps)
  if (values.publish) run(command, args);
  else console.log(`would run: ${command} ${args.join(" ")}`);
if (!values.publish) console.log("nothing was published; `npm run release -- --publish` does");

function git(...args: readonly string[]): string {
  return spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout?.trim() ?? "";
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  console.error(`${command} ${args.join(" ")} ${error ? error.message : `ended with exit status ${status}`}`);
  process.exit(1);
}
