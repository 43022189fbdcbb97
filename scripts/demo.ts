/** `npm run demo`: the terminal report of a few examples. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { configOf, fewExamples } from "../tools/examples/folders.ts";
import { root } from "../tools/root.ts";

const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;

const built = node("esbuild.mjs");
if (built !== 0) process.exit(built);
let worst = 0;
for (const example of fewExamples) {
  const config = configOf(example);
  console.log(`\n$ gradlens probe ${path.relative(root, config)}`);
  // Exit status 1 means that there are findings, which the examples are meant to have.
  const status = node("dist/cli.js", "probe", path.relative(root, config));
  if (status > 1) worst = Math.max(worst, status);
}
process.exitCode = worst;
