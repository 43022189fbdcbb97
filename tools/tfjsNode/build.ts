/**
 * `npm run build:tfjs-node`: builds @tensorflow/tfjs-node's native addon against a Python's TensorFlow, because the
 * package's own install downloads libtensorflow from a host that many machines cannot reach.
 *
 * PYTHON the Python to take TensorFlow from (python3); if it has none, tensorflow-cpu is installed into
 * .cache/tensorflow.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "../root.ts";

const NAME = "@tensorflow/tfjs-node";
const venv = path.join(root, ".cache/tensorflow");
/** The libraries that the addon is linked against (binding.gyp), with their names in TensorFlow's wheel. */
const LIBRARIES = [
  ["libtensorflow.so", "libtensorflow_cc.so.2"],
  ["libtensorflow_cc.so.2", "libtensorflow_cc.so.2"],
  ["libtensorflow_framework.so", "libtensorflow_framework.so.2"],
  ["libtensorflow_framework.so.2", "libtensorflow_framework.so.2"],
] as const;

if (process.platform !== "linux") fail("this works only on Linux; elsewhere `npm install` fetches a prebuilt library");
const folder = packageFolder();
if (loads()) console.log(`${NAME} is built already`);
else {
  link(tensorflowFolder());
  // Node's own headers save another download if they were installed with it.
  const prefix = path.dirname(path.dirname(process.execPath));
  const headers = fs.existsSync(path.join(prefix, "include/node/node_api.h")) ? [`--nodedir=${prefix}`] : [];
  const own = createRequire(path.join(folder, "package.json"));
  const program = own.resolve("@mapbox/node-pre-gyp/bin/node-pre-gyp");
  run(process.execPath, [program, "install", "--build-from-source", ...headers], folder);
  if (!loads()) fail("it was built but cannot be loaded");
  console.log(`${NAME} is built in ${path.relative(root, folder)}; \`npx gradlens doctor\` shows whether it is used`);
}

/** The package's JavaScript, installed without the download if npm has skipped the optional dependency. */
function packageFolder(): string {
  const at = path.join(root, "node_modules", NAME);
  if (!fs.existsSync(path.join(at, "package.json")))
    run("npm", ["install", "--ignore-scripts", "--no-save", "--include=optional"], root);
  return fs.existsSync(at) ? at : fail(`npm did not install ${NAME}`);
}

function loads(): boolean {
  const script = `require("node:util").isNullOrUndefined ??= (v) => v == null; require(${JSON.stringify(folder)})`;
  return spawnSync(process.execPath, ["-e", script], { stdio: "ignore" }).status === 0;
}

/** The folder of the Python package `tensorflow`, with its `include` and its libraries. */
function tensorflowFolder(): string {
  const python = process.env["PYTHON"] ?? "python3";
  const own = path.join(venv, "bin/python");
  const found = tensorflowOf(python) ?? tensorflowOf(own);
  if (found !== null) return found;
  console.log(`${python} has no TensorFlow: installing tensorflow-cpu into ${path.relative(root, venv)}`);
  run(python, ["-m", "venv", venv], root);
  run(own, ["-m", "pip", "install", "--quiet", "tensorflow-cpu"], root);
  return tensorflowOf(own) ?? fail("pip installed no tensorflow");
}

function tensorflowOf(python: string): string | null {
  // Only located, not imported, because importing takes seconds.
  const script = "import importlib.util as u; s = u.find_spec('tensorflow'); print(s.submodule_search_locations[0])";
  const { status, stdout } = spawnSync(python, ["-c", script], { encoding: "utf8" });
  const at = status === 0 ? stdout.trim() : "";
  return at !== "" && fs.existsSync(path.join(at, "libtensorflow_cc.so.2")) ? at : null;
}

/** Puts TensorFlow's headers and libraries where binding.gyp expects those that the install would have downloaded. */
function link(tensorflow: string): void {
  const deps = path.join(folder, "deps");
  fs.rmSync(deps, { recursive: true, force: true });
  fs.mkdirSync(path.join(deps, "lib"), { recursive: true });
  fs.symlinkSync(path.join(tensorflow, "include"), path.join(deps, "include"));
  for (const [name, library] of LIBRARIES) fs.symlinkSync(path.join(tensorflow, library), path.join(deps, "lib", name));
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit" });
  if (status !== 0) fail(`${command} ${args.join(" ")}: ${error ? error.message : `exit status ${status}`}`);
}

function fail(reason: string): never {
  console.error(`${NAME} cannot be built: ${reason}`);
  process.exit(1);
}
