/** A reporter of vitest's that counts the tests that have ended in a file, for whoever watches the run from outside. */
import fs from "node:fs";

export default class ProgressReporter {
  #ended = 0;

  onTestCaseResult(): void {
    this.#note();
  }

  /** Also when none of its tests ran, or it has none. */
  onTestModuleEnd(): void {
    this.#note();
  }

  #note(): void {
    const file = process.env["GRADLENS_TEST_PROGRESS"];
    if (file) fs.writeFileSync(file, `${++this.#ended}`);
  }
}
