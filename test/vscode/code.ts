/**
 * Stand-in for the VS Code executable that @vscode/test-electron starts: takes VS Code's command line and returns the
 * tests' exit status. It runs VS Code's own server, its Node extension host and its workbench in a headless browser.
 *
 * GRADLENS_CODE_SILENCE  seconds without output of the tests after which they count as hung (660)
 * GRADLENS_CODE_VERBOSE  1: also the logs of the server, the workbench and the page
 */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import { patience } from "../../tools/patience.mts";
import { root } from "../../tools/root.ts";
import { startBrowser } from "../../tools/vscode/browser.ts";
import { Scratch } from "../../tools/vscode/scratch.ts";
import { vsCodeServer } from "../../tools/vscode/server.ts";
import { startServer, type WorkbenchAddress, workbenchUrl } from "../../tools/vscode/workbench.ts";
import { Silence } from "../runner/silence.ts";
import { type CommandLine, parseCommandLine } from "./commandLine.ts";

const UNSUPPORTED = ["install-extension", "uninstall-extension", "list-extensions", "inspect-extensions", "profile"];
const startedAt = Date.now();

async function main(line: CommandLine): Promise<number> {
  if (line.flag("version")) {
    const server = await vsCodeServer();
    console.log(`${server.version}\n${server.commit}\n${process.arch}`);
    return 0;
  }
  const unsupported = UNSUPPORTED.filter((name) => line.flag(name));
  if (unsupported.length > 0) throw new Error(`this stand-in for VS Code has no --${unsupported.join(", --")}`);
  const tests = line.value("extensionTestsPath");
  if (!tests) throw new Error("this stand-in for VS Code only runs tests: --extensionTestsPath is missing");
  if (line.values("extensionDevelopmentPath").length > 1)
    throw new Error("this stand-in for VS Code takes one --extensionDevelopmentPath");

  const scratch = new Scratch();
  for (const [signal, number] of [["SIGHUP", 1] as const, ["SIGINT", 2] as const, ["SIGTERM", 15] as const])
    process.on(signal, () => scratch.close().then(() => process.exit(128 + number)));
  try {
    return await runTests(scratch, line, toPath(tests));
  } finally {
    await scratch.close();
  }
}

async function runTests(scratch: Scratch, line: CommandLine, entry: string): Promise<number> {
  const verbose = process.env["GRADLENS_CODE_VERBOSE"] === "1" || line.flag("verbose");
  const log = (text: string) => {
    if (verbose) console.error(`${((Date.now() - startedAt) / 1000).toFixed(2)} s ${text}`);
  };
  const mark = path.join(scratch.dir, "mark");
  const noted = (what: string) => fs.existsSync(mark) && fs.readFileSync(mark, "utf8").split("\n").includes(what);
  // The extension host inherits them from the server.
  process.env["GRADLENS_TESTS_ENTRY"] = entry;
  process.env["GRADLENS_TESTS_MARK"] = mark;
  const userDataDir = line.value("user-data-dir");
  const extensionsDir = line.value("extensions-dir");
  const server = await startServer(scratch, {
    ...(userDataDir ? { userDataDir: path.resolve(userDataDir) } : {}),
    ...(extensionsDir ? { extensionsDir: path.resolve(extensionsDir) } : {}),
    trust: !line.flag("disable-workspace-trust"),
    proposedApi: line.values("enable-proposed-api"),
    log,
  });
  log(`VS Code's server ${server.version} listens`);
  const { context, page, what } = await startBrowser(path.join(scratch.dir, "browser"));
  scratch.defer(() => context.close());
  log(`${what} is up`);

  let lines = 0;
  const others: string[] = [];
  // Without output from the tests, the workbench's log is the only information.
  scratch.defer(() => {
    if (lines === 0 && others.length > 0) console.error(others.join("\n"));
  });
  await page.exposeFunction("gradlensLog", (level: string, fromTests: boolean, args: unknown[]) => {
    const text = format(...args);
    if (fromTests) {
      lines++;
      (level === "error" || level === "warn" ? process.stderr : process.stdout).write(`${text}\n`);
    } else if (verbose) log(`[workbench ${level}] ${text}`);
    else others.push(`[workbench ${level}] ${text}`);
  });
  await page.addInitScript({ path: path.join(root, "test/vscode/pageLog.js") });
  if (verbose) {
    page.on("console", (m) => log(`[console ${m.type()}] ${m.text()}`));
    page.on("pageerror", (e) => log(`[page error] ${e.message}`));
    page.on("requestfailed", (r) => log(`[request failed] ${r.url()} ${r.failure()?.errorText}`));
  }

  const limit = Number(process.env["GRADLENS_CODE_SILENCE"] ?? patience.silence / 1000);
  const result = new Promise<number | string>((resolve) => {
    page.exposeFunction("codeAutomationExit", (code: number) => resolve(code)).catch((e) => resolve(String(e)));
    page.on("crash", () => resolve("the workbench's page crashed"));
    context.on("close", () => resolve("the browser went away"));
    server.ended.then(resolve);
    const watch = new Silence(
      () => `${lines} ${noted("started")}`,
      limit * 1000,
      () =>
        resolve(noted("started") ? `no word from the tests for ${limit} s` : `the tests did not begin in ${limit} s`),
    );
    scratch.defer(() => watch.stop());
    page.goto(workbenchUrl(server, target(line)), { waitUntil: "commit", timeout: patience.wait }).catch((e) => {
      resolve(String(e));
    });
  });
  const outcome = await result;
  if (typeof outcome === "number" && (outcome !== 0 || noted("passed"))) return outcome;
  console.error(typeof outcome === "string" ? outcome : "the extension host ended before the tests did");
  return 1;
}

/** The folder or workspace to open, the last one named, then the last file, as VS Code does with one window. */
function target(line: CommandLine): WorkbenchAddress {
  let [folder, workspace, file] = [undefined, undefined, undefined] as Array<string | undefined>;
  for (const p of [...line.paths, ...line.values("folder-uri"), ...line.values("file-uri")].map(toPath)) {
    if (fs.statSync(p, { throwIfNoEntry: false })?.isDirectory()) [folder, workspace] = [p, undefined];
    else if (p.endsWith(".code-workspace")) [folder, workspace] = [undefined, p];
    else file = p;
  }
  const payload: Array<readonly [string, string]> = [];
  if (line.flag("disable-extensions")) payload.push(["disableExtensions", "true"]);
  if (line.flag("enable-proposed-api")) payload.push(["enableProposedApi", ""]);
  return {
    folder,
    workspace,
    file,
    extension: line.values("extensionDevelopmentPath").map(toPath)[0],
    tests: path.join(root, "test/vscode/countedRun.cjs"),
    payload,
  };
}

function toPath(given: string): string {
  return given.startsWith("file://") ? fileURLToPath(given) : path.resolve(given);
}

main(parseCommandLine(process.argv.slice(2))).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error);
    process.exit(1);
  },
);
