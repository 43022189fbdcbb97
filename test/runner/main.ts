/**
 * Builds, lints, checks types and runs every test: unit, the examples, in a real VS Code, in a real browser. Its last line is
 * "N passed, N failed", and it exits with 0 only when nothing failed. VS Code and the browser wait for much of their time,
 * so what runs in them runs beside the other stages, and its output comes at its end.
 *
 *   npm test                               everything
 *   npm test -- unit diagnosis             one stage, limited by a filter
 *   npm test -- test/unit/config/parse.test.ts   files or folders, of any stages
 *   CI=true npm test                       also the thorough tests (test/tier.mts), as in CI
 *   npm run test:long                      every case of every test; takes the same arguments
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { patience } from "../../tools/patience.mts";
import { root } from "../../tools/root.ts";
import { findBrowser } from "../../tools/vscode/browser.ts";
import { vsCodeServer } from "../../tools/vscode/server.ts";
import { tierOf } from "../tier.mts";
import { choose, type StageName } from "./choose.ts";
import { bin, type Output, runCommand } from "./command.ts";
import { integrationStage } from "./integrationStage.ts";
import { failure, type Outcome, ok, skippedLine, sum, uncountedLine } from "./outcome.ts";
import { pythonStage } from "./pythonStage.ts";
import { SideOutput } from "./sideOutput.ts";
import { vitestStage } from "./vitestStage.ts";

type Stage = (filters: readonly string[], output: Output) => Promise<Outcome>;

const STAGES: Readonly<Record<StageName, Stage>> = {
  lint: (_, output) => check("lint", [bin("biome"), "check", "--error-on-warnings", "."], output),
  types,
  unit: (filters, output) => vitestStage("unit", filters, output),
  examples: (filters, output) => vitestStage("examples", filters, output),
  integration: integrationStage,
  ui: (filters, output) => vitestStage("ui", filters, output),
  python: pythonStage,
};

/** The stages that run code in dist/. */
const BUILT: readonly StageName[] = ["integration", "ui"];

async function main(args: readonly string[]): Promise<void> {
  const chosen = choose(args);
  if (typeof chosen === "string") {
    console.error(chosen);
    process.exit(2);
  }
  const names = chosen.map(({ stage }) => stage);
  const needsBuild = names.some((name) => BUILT.includes(name));
  // Downloads while the processor builds and runs the first stages; a stage that needs the result waits and reports.
  if (needsBuild) vsCodeServer().catch(() => {});

  let total = failure();
  const run = async (name: string, stage: (output: Output) => Promise<Outcome>, output?: Output) => {
    const print = output ?? ((text: string) => process.stdout.write(text));
    const start = Date.now();
    print(`\n── ${name} ${"─".repeat(Math.max(0, 70 - name.length))}\n`);
    const outcome = await stage(output).catch((e: unknown) => failure(`${name}: ${e}`));
    total = sum(total, outcome);
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    print(`── ${name}: ${outcome.passed} passed, ${outcome.failures.length} failed, ${seconds} s\n`);
  };
  const runs = chosen.map(({ stage, filters }) => ({
    built: BUILT.includes(stage),
    start: (output: Output) => run(stage, (to) => STAGES[stage](filters, to), output),
  }));
  const [built, others] = [runs.filter((r) => r.built), runs.filter((r) => !r.built)];
  const runBuilt = async (output?: Output, end = () => {}) => {
    if (built.length === 0) return;
    await run("build", build, output);
    end();
    for (const { start } of built) {
      await start(output);
      end();
    }
  };
  if (built.length > 0 && others.length > 0 && os.availableParallelism() > 1) {
    const side = new SideOutput((text) => process.stdout.write(text));
    process.once("exit", () => side.all());
    const inVsCode = runBuilt(
      (text) => side.write(text),
      () => side.end(),
    );
    for (const { start } of others) await side.beside(() => start(undefined));
    await inVsCode;
  } else {
    for (const { start } of others) await start(undefined);
    await runBuilt();
  }

  console.log(`\n${await surroundings(names)}`);
  const skipped = skippedLine(total.skipped);
  for (const line of [skipped, uncountedLine(tierOf(process.env))]) if (line !== undefined) console.log(line);
  for (const line of total.failures) console.log(`FAILED ${line}`);
  process.exitCode = total.failures.length > 0 ? 1 : 0;
  console.log(`${total.passed} passed, ${total.failures.length} failed`);
}

function build(output: Output): Promise<Outcome> {
  return check("build", [process.execPath, "esbuild.mjs"], output);
}

async function types(_: readonly string[], output: Output): Promise<Outcome> {
  for (const project of ["tsconfig.json", "webview/tsconfig.json", "test/ui/tsconfig.json"]) {
    // What has not changed since the last run is not checked again.
    const kept = path.join(root, ".cache/types", `${project.replaceAll("/", "-")}.tsbuildinfo`);
    const program = [bin("tsc"), "-p", project, "--incremental", "--tsBuildInfoFile", kept];
    const outcome = await check(`types (${project})`, program, output);
    if (outcome.failures.length > 0) return outcome;
  }
  return ok;
}

async function check(what: string, [file = "", ...args]: readonly string[], output: Output): Promise<Outcome> {
  const exit = await runCommand(file, args, { output });
  return exit === undefined ? ok : failure(`${what}: ${exit}`);
}

/** The environment of the tests, without which a result could not be reproduced. */
async function surroundings(stages: readonly StageName[]): Promise<string> {
  const lines = [`Node ${process.version}, ${process.platform} ${process.arch}`];
  const versionFile = path.join(root, "out/results/vscode.txt");
  if (stages.includes("integration") && fs.existsSync(versionFile))
    lines.push(`VS Code: ${fs.readFileSync(versionFile, "utf8")}`);
  if (stages.includes("ui")) {
    const browser = await findBrowser().catch((e: unknown) => ({ what: `none (${e})` }));
    lines.push(`browser: ${browser.what}`);
  }
  lines.push(`tfjs-node: ${tfjsNode()}`);
  if (!fs.existsSync(path.join(root, "dist/cli.js"))) return lines.join("\n");
  const doctor = spawnSync(process.execPath, [path.join(root, "dist/cli.js"), "doctor"], {
    encoding: "utf8",
    timeout: patience.wait,
  });
  lines.push(
    `engine: ${doctor.stdout.trim().split("\n").join("\n        ") || `doctor says nothing (${doctor.stderr})`}`,
  );
  return lines.join("\n");
}

function tfjsNode(): string {
  try {
    createRequire(import.meta.url).resolve("@tensorflow/tfjs-node/package.json");
    return "installed";
  } catch {
    return "not there (an optional dependency; its install downloads libtensorflow)";
  }
}

const args = process.argv.slice(2);
if (args.includes("--long")) process.env["GRADLENS_TEST_LONG"] = "1";
await main(args.filter((arg) => arg !== "--long"));
