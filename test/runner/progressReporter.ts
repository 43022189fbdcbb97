/** A vitest reporter that counts the finished tests in a file, for a process that watches the run. */
import fs from "node:fs";

export default class ProgressReporter {
  #ended = 0;

  onTestCaseResult(): void {
    this.#note();
  }

  /** Called even if none of its tests ran, or it has none. */
  onTestModuleEnd(): void {
    this.#note();
  }

  #note(): void {
    const file = process.env["GRADLENS_TEST_PROGRESS"];
    if (file) fs.writeFileSync(file, `${++this.#ended}`);
  }
}
