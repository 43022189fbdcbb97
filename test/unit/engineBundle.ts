/** The engine as one file that can be forked, for tests that need it as a process of its own. */

import * as esbuild from "esbuild";

/** @param outfile inside the project, so that the bundle finds the WASM binaries in node_modules */
export async function bundleEngine(outfile: string): Promise<void> {
  await esbuild.build({
    entryPoints: ["src/engine/main.ts"],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node18",
    outfile,
    // As in esbuild.mjs: its `main` is a UMD module that no bundler can follow.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    logLevel: "error",
  });
}
