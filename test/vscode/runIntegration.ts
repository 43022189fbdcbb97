/**
 * Runs test/integration/*.test.ts inside a real VS Code with the built extension.
 *   node tools/ts.mjs test/vscode/runIntegration.ts [mocha grep]
 */
import fs from "node:fs";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import * as esbuild from "esbuild";
import { root } from "../../tools/root.ts";
import { chooseVsCode } from "./chooseVsCode.ts";

const bundles = path.join(root, "out/integration");

async function main(grep: string | undefined): Promise<void> {
  await bundleTests();
  const chosen = await chooseVsCode(console.log);
  console.log(`integration tests in ${chosen.what}`);
  const results = process.env["GL_TEST_RESULTS"];
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
      GL_TEST_RESULTS: results,
      GL_TEST_GREP: grep,
    },
  });
}

/** New for each run; short, because VS Code puts a socket into it. */
function userData(): string {
  const dir = path.join(root, "out/user-data");
  fs.rmSync(dir, { recursive: true, force: true });
  return dir;
}

async function bundleTests(): Promise<void> {
  const dir = path.join(root, "test/integration");
  fs.rmSync(bundles, { recursive: true, force: true });
  const tests = fs.readdirSync(dir).filter((f) => f.endsWith(".test.ts"));
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

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
