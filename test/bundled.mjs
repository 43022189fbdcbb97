/** For programs that need the engine as it is shipped: the benchmark and the zoo. */

import { execFileSync, spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

/**
 * Builds the engine and `entry` into out/`name`, and runs it with this Node and this process's arguments. Ends with its
 * exit code.
 *
 * @param plugins esbuild's, for `entry`
 */
export async function runBundled(name, entry, plugins = []) {
  const out = `out/${name}`;
  const program = `${out}/${path.parse(entry).name}.cjs`;
  execFileSync(process.execPath, ["esbuild.mjs", "--minify", `--out=${out}`], { stdio: "inherit" });
  await esbuild.build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["@tensorflow/tfjs-node"],
    // As in esbuild.mjs: its `main` is a UMD module that no bundler can follow.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    // A bundle that is no module knows no such thing; the tools find the project's root from it.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(path.resolve(program)).href) },
    logLevel: "warning",
    plugins,
  });
  const { status, signal } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = signal === null ? (status ?? 1) : 1;
}
