// Runs one of the project's TypeScript programs on Node 20, which cannot run TypeScript itself.
//   node tools/ts.mjs <file.ts> [arguments]
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const here = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(here), "..");

/** Bundles a program (our own code only, without packages), sets `argv` as its arguments and imports it. */
export async function runProgram(entry, argv) {
  // A separate file per process: of two simultaneous starts, none may read what the other is writing.
  const outfile = path.join(root, "out/programs", `${path.basename(entry, ".ts")}-${process.pid}.mjs`);
  await esbuild.build({
    entryPoints: [path.resolve(root, entry)],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
  });
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], outfile, ...argv];
  try {
    await import(pathToFileURL(outfile).href);
  } finally {
    fs.rmSync(outfile, { force: true });
  }
}

if (process.argv[1] === here) {
  const [entry, ...argv] = process.argv.slice(2);
  await runProgram(entry, argv);
}
