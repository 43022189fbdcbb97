/**
 * Runs test/integration/*.test.ts inside a real VS Code with the built extension.
 *   node tools/ts.mjs test/vscode/runIntegration.ts [files of test/integration, or a mocha grep]
 */
import fs from "node:fs";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import * as esbuild from "esbuild";
import { root } from "../../tools/root.ts";
import { chooseVsCode } from "./chooseVsCode.ts";

const bundles = path.join(root, "out/integration");

async function main(args: readonly string[]): Promise<void> {
  const files = args.filter((arg) => fs.existsSync(path.join(root, arg)));
  const [grep] = args.filter((arg) => !files.includes(arg));
  await bundleTests(files);
  const chosen = await chooseVsCode(console.log);
  console.log(`integration tests in ${chosen.what}`);
  const results = process.env["GRADLENS_TEST_RESULTS"];
  if (results) fs.writeFileSync(path.join(path.dirname(results), "vscode.txt"), chosen.what);
  // A copy, because the tests write: configs, settings.
  const workspace = path.join(root, "out/integration-workspace");
  fs.rmSync(workspace, { recursive: true, force: true });
  fs.cpSync(path.join(root, "examples"), workspace, { recursive: true });
  await runTests({
    vscodeExecutablePath: chosen.executable,
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(bundles, "index.js"),
    launchArgs: [workspace, "--disable-extensions", `--user-data-dir=${userData()}`],
    extensionTestsEnv: {
      GRADLENS_TEST_RESULTS: results,
      GRADLENS_TEST_GREP: grep,
    },
  });
}

/** New for each run; short, because VS Code puts a socket into it. */
function userData(): string {
  const dir = path.join(root, "out/user-data");
  fs.rmSync(dir, { recursive: true, force: true });
  return dir;
}

/** @param only paths of files or of the whole folder, from the checkout's top; none: all tests */
async function bundleTests(only: readonly string[]): Promise<void> {
  const dir = path.join(root, "test/integration");
  fs.rmSync(bundles, { recursive: true, force: true });
  const asked = (f: string) => only.some((file) => path.join(dir, f).startsWith(path.resolve(root, file)));
  const tests = fs.readdirSync(dir).filter((f) => f.endsWith(".test.ts") && (only.length === 0 || asked(f)));
  if (tests.length === 0) throw new Error(`no tests in ${dir}`);
  await esbuild.build({
    entryPoints: {
      index: path.join(root, "test/vscode/mochaRun.ts"),
      ...Object.fromEntries(tests.map((f) => [f.replace(/\.ts$/, ""), path.join(dir, f)])),
    },
    outdir: bundles,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    logLevel: "warning",
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
