/**
 * What VS Code's extension host calls: runs every test file beside this bundle with mocha and writes the outcome, after
 * each test, to the file that GL_TEST_RESULTS names, so that a host that dies leaves what it had done.
 */
import fs from "node:fs";
import path from "node:path";
import Mocha from "mocha";
import type { SuiteResult } from "./suiteResult.ts";

export async function run(): Promise<void> {
  const grep = process.env["GL_TEST_GREP"];
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, color: false, ...(grep ? { grep } : {}) });
  for (const file of fs.readdirSync(__dirname).filter((f) => f.endsWith(".test.js")))
    mocha.addFile(path.join(__dirname, file));
  const failures: string[] = [];
  let [passed, skipped] = [0, 0];
  const report = (complete: boolean) => {
    const result: SuiteResult = { complete, passed, skipped, failures };
    const file = process.env["GL_TEST_RESULTS"];
    if (file) fs.writeFileSync(file, JSON.stringify(result));
  };
  report(false);
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", () => {
      passed++;
      report(false);
    });
    runner.on("pending", () => {
      skipped++;
    });
    // Also a hook that failed, which keeps its suite's tests from running.
    runner.on("fail", (test) => {
      failures.push(test.fullTitle());
      report(false);
    });
  });
  report(true);
  if (failures.length > 0) throw new Error(`${failures.length} tests failed`);
}
