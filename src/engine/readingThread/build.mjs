// Bundles the reading thread: beside the engine in dist/, and in a cache for tests that run from the sources.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

/** Builds it if it has changed; returns the folder of `reader.js`. */
export async function cachedReader() {
  const built = await esbuild.build({
    absWorkingDir: root,
    entryPoints: { reader: "src/engine/readingThread/worker.ts" },
    outdir: "out",
    write: false,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node18",
    external: ["h5wasm"],
    logLevel: "warning",
  });
  const [file] = built.outputFiles;
  const name = createHash("sha256").update(file.contents).digest("hex").slice(0, 16);
  const folder = path.join(root, "node_modules/.cache/gradient-lens-reader", name);
  const target = path.join(folder, "reader.js");
  if (fs.existsSync(target)) return folder;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(`${target}.${process.pid}`, file.contents);
  fs.renameSync(`${target}.${process.pid}`, target);
  return folder;
}
