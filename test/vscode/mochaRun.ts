/**
 * Called by VS Code's extension host: runs every test file beside this bundle with mocha and writes the outcome, after
 * each test, to the file in GRADLENS_TEST_RESULTS, so that the results survive a crash of the host.
 */
import fs from "node:fs";
import path from "node:path";
import Mocha from "mocha";
import { patience } from "../../tools/patience.mts";
import type { SuiteResult } from "./suiteResult.ts";

/** Results are printed as they come, below: a report at the end would be lost with a host that dies. */
class Silent extends Mocha.reporters.Base {
  override epilogue(): void {}
}

export async function run(): Promise<void> {
  const grep = process.env["GRADLENS_TEST_GREP"];
  const mocha = new Mocha({ ui: "bdd", timeout: patience.test, reporter: Silent, ...(grep ? { grep } : {}) });
  for (const file of fs.readdirSync(__dirname).filter((f) => f.endsWith(".test.js")))
    mocha.addFile(path.join(__dirname, file));
  const failures: string[] = [];
  let [passed, later, skipped] = [0, 0, 0];
  const report = (complete: boolean) => {
    const result: SuiteResult = { complete, passed, later, skipped, failures };
    const file = process.env["GRADLENS_TEST_RESULTS"];
    if (file) fs.writeFileSync(file, JSON.stringify(result));
  };
  report(false);
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("suite", (suite) => console.log(suite.title));
    runner.on("pass", (test) => {
      passed++;
      console.log(`  ✓ ${test.title} (${test.duration} ms)`);
      report(false);
    });
    runner.on("pending", (test) => {
      // Without a function, or in a group that is skipped, a test belongs to another tier; else it cannot run here.
      if (test.fn === undefined || skippedAsGroup(test)) later++;
      else skipped++;
      console.log(`  - ${test.title}`);
    });
    // Includes a failed hook, which keeps its suite's tests from running.
    runner.on("fail", (test, error: unknown) => {
      failures.push(test.fullTitle());
      console.log(`  ✗ ${test.title}\n${error instanceof Error ? error.stack : error}`);
      report(false);
    });
  });
  report(true);
  if (failures.length > 0) throw new Error(`${failures.length} tests failed`);
}

function skippedAsGroup(test: Mocha.Test): boolean {
  for (let group = test.parent; group; group = group.parent) if (group.isPending()) return true;
  return false;
}
