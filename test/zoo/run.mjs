// Builds the engine and the zoo (into out/zoo) and runs it with this Node.
import { execFileSync } from "node:child_process";
import * as esbuild from "esbuild";

const out = "out/zoo";
execFileSync(process.execPath, ["esbuild.mjs", "--minify", `--out=${out}`], { stdio: "inherit" });
await esbuild.build({
  entryPoints: ["test/zoo/main.ts"],
  outfile: `${out}/zoo.cjs`,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["@tensorflow/tfjs-node"],
  // As in esbuild.mjs: its `main` is a UMD module that no bundler can follow.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  logLevel: "warning",
});
execFileSync(process.execPath, [`${out}/zoo.cjs`, ...process.argv.slice(2)], { stdio: "inherit" });
