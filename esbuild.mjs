// Builds every bundle into dist/: extension host, engine, command line, panel page, the recurrent kernels, the data that
// come with the engine, and the config's JSON Schema.
//   node esbuild.mjs [--watch] [--minify] [--out=folder]
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import zlib from "node:zlib";
import * as esbuild from "esbuild";
import { workIn } from "./src/cli/build.mjs";
import { buildKernels } from "./src/kernels/build.mjs";
import { noticesOf } from "./tools/package/notices.mjs";

const root = path.dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes("--watch");
const minify = process.argv.includes("--minify");
const require = createRequire(import.meta.url);
const out = process.argv.find((a) => a.startsWith("--out="))?.slice("--out=".length) ?? "dist";

/** @type {esbuild.BuildOptions} */
const common = {
  bundle: true,
  minify,
  sourcemap: minify ? false : "linked",
  logLevel: "warning",
  legalComments: "none",
  // A Chinese character takes three bytes as it is, and six escaped.
  charset: "utf8",
  // Its `main` is a UMD module whose inner requires no bundler can follow.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
};

/** @type {esbuild.BuildOptions} */
const node = { ...common, platform: "node", format: "cjs", target: "node18" };

/**
 * The HDF5 library: a file of its own beside the reading thread's, which only a saved model of Keras loads. A minified
 * build compresses it, because it is by far the largest file of the packed extension.
 * @type {esbuild.Plugin}
 */
const hdf5Apart = {
  name: "hdf5-apart",
  setup: (build) => {
    if (minify)
      build.onResolve({ filter: /\/hdf5Library\.ts$/ }, ({ resolveDir }) => ({
        path: path.join(resolveDir, "packedHdf5Library.ts"),
      }));
    else build.onResolve({ filter: /^h5wasm$/ }, () => ({ path: "./h5wasm.mjs", external: true }));
  },
};

/**
 * Compresses the HDF5 library as far as Brotli can, which takes seven seconds.
 * @type {esbuild.Plugin}
 */
const packed = {
  name: "packed",
  setup: (build) => {
    build.initialOptions.write = false;
    build.onEnd(({ outputFiles }) => {
      for (const { path: file, contents } of outputFiles ?? []) {
        const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 };
        fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(contents, { params }));
      }
    });
  },
};

/** @type {esbuild.BuildOptions[]} */
const builds = [
  { ...node, entryPoints: { extension: "src/extension.ts" }, outdir: out, external: ["vscode"] },
  // What the engine, the thread that reads runs and the command line do: one file, because they share nearly everything.
  // Each runs its own part alone.
  {
    ...node,
    stdin: {
      contents: `exports.engine = () => import("./src/engine/main.ts"); exports.runs = () => import("./src/host/store/reading/thread.ts"); exports.work = async (...given) => (await import("./src/cli/work.ts")).work(...given);`,
      resolveDir: root,
    },
    outfile: path.join(out, "programs.js"),
    external: ["@tensorflow/tfjs-node"],
  },
  // The command line's supervising process starts without it.
  {
    ...node,
    entryPoints: { cli: "src/cli/main.ts" },
    outdir: out,
    banner: { js: "#!/usr/bin/env node" },
    ...workIn("programs.js"),
  },
  // The thread in which both have files read that others wrote.
  { ...node, entryPoints: { reader: "src/engine/readingThread/worker.ts" }, outdir: out, plugins: [hdf5Apart] },
  {
    ...node,
    entryPoints: { h5wasm: "node_modules/h5wasm/dist/esm/hdf5_hl.js" },
    outdir: out,
    format: "esm",
    outExtension: { ".js": ".mjs" },
    // Its binary is written in characters of all kinds; escaped, they would take half as much again.
    charset: "utf8",
    minify: true,
    sourcemap: false,
    plugins: minify ? [packed] : [],
  },
  {
    ...common,
    entryPoints: { panel: "webview/main.ts" },
    outdir: out,
    platform: "browser",
    format: "iife",
    target: "es2022",
  },
];

/**
 * tfjs's WASM binaries and our own lie beside the engine, which looks for them there. tfjs also has one with threads, which
 * is never loaded (engine/backend/wasm.ts).
 */
async function copyWasm() {
  const tfjs = path.join(path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist");
  for (const f of fs.readdirSync(tfjs).filter((f) => f.endsWith(".wasm") && !f.includes("threaded")))
    fs.copyFileSync(path.join(tfjs, f), path.join(out, f));
  await buildKernels(out);
}

/** The files that are started of engine, thread and command line, so that the latter may be executed before it is written. */
function writeStarters() {
  fs.writeFileSync(path.join(out, "runs.js"), `require("./programs.js").runs();\n`);
  fs.writeFileSync(path.join(out, "engine.js"), `require("./programs.js").engine();\n`);
  const cli = path.join(out, "cli.js");
  fs.appendFileSync(cli, "");
  fs.chmodSync(cli, 0o755);
}

/** Data that come with the engine; it looks for them there, too. */
function copyData() {
  fs.copyFileSync("src/engine/data/tasks/digits.gz", path.join(out, "digits.gz"));
}

/** The JSON Schema that VS Code completes and hovers with comes from the same zod schema that parses. */
async function writeSchema() {
  if (!fs.existsSync("src/config/editorSchema.ts")) return;
  const { editorSchema } = await loaded("src/config/editorSchema.ts");
  fs.writeFileSync(path.join(out, "gradlens.schema.json"), `${JSON.stringify(editorSchema())}\n`);
  const { chineseExplanations } = await loaded("src/config/chineseExplanations.ts");
  fs.writeFileSync(path.join(out, "schema.zh-cn.json"), `${JSON.stringify(chineseExplanations())}\n`);
}

/** A module of the sources, bundled for this process. */
async function loaded(source) {
  const file = path.resolve(out, `${path.basename(source, ".ts")}.tmp.mjs`);
  await esbuild.build({
    ...common,
    sourcemap: false,
    platform: "node",
    format: "esm",
    entryPoints: [source],
    outfile: file,
  });
  const module = await import(pathToFileURL(file).href);
  fs.rmSync(file);
  return module;
}

fs.mkdirSync(out, { recursive: true });
await copyWasm();
copyData();
writeStarters();
await writeSchema();
let going = 0;

/**
 * Says in two lines when building begins and ends, which .vscode/tasks.json waits for.
 * @type {esbuild.Plugin}
 */
const announced = {
  name: "announced",
  setup(build) {
    build.onStart(() => {
      if (going++ === 0) console.log("[watch] building");
    });
    build.onEnd(() => {
      if (--going === 0) console.log("[watch] built");
    });
  },
};

if (watch) {
  const contexts = builds.map((b) => esbuild.context({ ...b, plugins: [...(b.plugins ?? []), announced] }));
  for (const context of await Promise.all(contexts)) await context.watch();
} else {
  const built = await Promise.all(builds.map((b) => esbuild.build({ ...b, metafile: minify })));
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
  if (minify) fs.writeFileSync(path.join(out, "NOTICES.txt"), noticesOf(root, inputs));
}
