/** Bundles of the program that several files of tests start as processes. Each is made once for all processes of a run. */

import fs from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";
import type { TestProject } from "vitest/node";

const folders = path.resolve(".cache/test-bundles");
const made = new Map<string, Promise<string>>();

/** @returns the folder with what `make` has written into the one that it was given */
export function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const making = made.get(name) ?? makeOrFind(name, make);
  made.set(name, making);
  return making;
}

async function makeOrFind(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(folders, process.env["GRADLENS_TEST_RUN"] ?? `${process.pid}`, name);
  if (fs.existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  await make(making);
  try {
    fs.renameSync(making, folder);
  } catch (error) {
    // Another process of this run was faster.
    fs.rmSync(making, { recursive: true, force: true });
    if (!fs.existsSync(folder)) throw error;
  }
  return folder;
}

/** Path of the engine as one file that can be forked. It is inside the project, so that it finds tfjs's WASM binaries. */
export async function bundledEngine(): Promise<string> {
  const folder = await madeOnce("engine", async (making) => {
    await esbuild.build({
      entryPoints: ["src/engine/main.ts"],
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node18",
      outfile: path.join(making, "engine.cjs"),
      // As in esbuild.mjs: its `main` is a UMD module that no bundler can follow.
      alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
      logLevel: "error",
    });
  });
  return path.join(folder, "engine.cjs");
}

/** Removes the bundles at the end of a run. */
export default function setup({ config }: TestProject): () => void {
  const run = config.env["GRADLENS_TEST_RUN"];
  return () => {
    if (run) fs.rmSync(path.join(folders, run), { recursive: true, force: true });
  };
}
