// Compiles the AssemblyScript kernels: kernels.simd.wasm and kernels.relaxed.wasm, from the same source, sums.wasm and updates.wasm.
//   node src/kernels/build.mjs [folder]
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const sources = "src/kernels/assembly";

const options = [
  "-O3",
  "--converge",
  "--noAssert",
  "--runtime",
  "stub",
  // The host decides whether the memory is shared, and where each layer's buffers lie in it.
  "--importMemory",
  "--noExportMemory",
  "--initialMemory",
  "1",
  "--enable",
  "simd",
];

/** @param {string} file @param {string} entry @param {string[]} more */
async function compile(file, entry, more) {
  // Loading the compiler takes a second, which most callers save: the modules are cached.
  const { default: asc } = await import("assemblyscript/asc");
  const args = [`${sources}/${entry}`, "-o", path.relative(root, file), ...options, ...more];
  const { error, stderr } = await asc.main(args, {
    readFile: (name, base) => {
      const found = path.resolve(root, base, name);
      return fs.existsSync(found) ? fs.readFileSync(found, "utf8") : null;
    },
    writeFile: (name, contents, base) => fs.writeFileSync(path.resolve(root, base, name), contents),
    listFiles: (folder, base) => fs.readdirSync(path.resolve(root, base, folder)).filter((f) => f.endsWith(".ts")),
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
}

// A shared memory must have a maximum.
const bounded = ["--maximumMemory", "65536"];
/** The entry of each module, and options of its own. */
const modules = {
  "kernels.simd.wasm": ["index.ts", ...bounded],
  "kernels.relaxed.wasm": ["index.ts", ...bounded, "--enable", "relaxed-simd"],
  "sums.wasm": ["sums.ts"],
  "updates.wasm": ["updates.ts"],
};

/**
 * A folder with all modules, compiled only if the sources have changed.
 * @returns {Promise<string>}
 */
export async function cachedKernels() {
  const hash = createHash("sha256").update(JSON.stringify([options, modules]));
  for (const f of fs.readdirSync(path.join(root, sources)).sort())
    hash.update(f).update(fs.readFileSync(path.join(root, sources, f)));
  const folder = path.join(root, "node_modules/.cache/gradient-lens-kernels", hash.digest("hex").slice(0, 16));
  if (fs.existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  fs.mkdirSync(making, { recursive: true });
  for (const [name, [entry, ...more]] of Object.entries(modules)) await compile(path.join(making, name), entry, more);
  try {
    fs.renameSync(making, folder);
  } catch (error) {
    // Another process was faster.
    fs.rmSync(making, { recursive: true, force: true });
    if (!fs.existsSync(folder)) throw error;
  }
  return folder;
}

/**
 * Writes all modules into `folder`.
 * @param {string} folder
 */
export async function buildKernels(folder) {
  const from = await cachedKernels();
  fs.mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(modules)) fs.copyFileSync(path.join(from, name), path.join(folder, name));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await buildKernels(process.argv[2] ?? path.join(root, "dist"));
