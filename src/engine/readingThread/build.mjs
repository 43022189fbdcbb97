// Bundles the threads that read files, into a cache for tests that run from the sources.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

/** Builds them if they have changed; returns the folder of `reader.js` and `runs.js`. */
export async function cachedReader() {
  const built = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { reader: "src/engine/readingThread/worker.ts", runs: "src/host/store/reading/thread.ts" },
    outdir: "out",
    write: false,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node18",
    external: ["h5wasm"],
    // As in esbuild.mjs: its `main` is a UMD module that no bundler can follow.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    logLevel: "warning",
  });
  const hash = createHash("sha256");
  for (const { contents } of built.outputFiles) hash.update(contents);
  const folder = path.join(root, "node_modules/.cache/gradient-lens-reader", hash.digest("hex").slice(0, 16));
  fs.mkdirSync(folder, { recursive: true });
  for (const { path: output, contents } of built.outputFiles) {
    const target = path.join(folder, path.basename(output));
    if (fs.existsSync(target)) continue;
    fs.writeFileSync(`${target}.${process.pid}`, contents);
    fs.renameSync(`${target}.${process.pid}`, target);
  }
  return folder;
}
