/** The tests of the Python package, where a Python with PyTorch and pytest is found: `PYTHON`, or python3. */

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { root } from "../../tools/root.ts";
import { tierOf } from "../tier.mts";
import { type Output, runCommand } from "./command.ts";
import { failure, nothing, type Outcome, withExit } from "./outcome.ts";

const REPORT = "out/results/python.xml";

/** @param filters words of test names; a test must contain all of them */
export async function pythonStage(filters: readonly string[], output: Output): Promise<Outcome> {
  const print = output ?? ((text: string) => process.stdout.write(text));
  const python = process.env["PYTHON"] || "python3";
  const missing = whatIsMissing(python);
  if (missing !== null) {
    print(`not tried here: ${missing}\n`);
    return none;
  }
  const report = path.join(root, REPORT);
  fs.mkdirSync(path.dirname(report), { recursive: true });
  fs.rmSync(report, { force: true });
  const chosen = filters.length > 0 ? ["-k", filters.join(" and ")] : [];
  // Reasons of skipped tests are shown: what was not tried here must not look as if it had been.
  const args = [
    "-m",
    "pytest",
    "python",
    "-q",
    "-rs",
    `--tier=${tierOf(process.env)}`,
    `--junitxml=${report}`,
    ...chosen,
  ];
  const exit = await runCommand(python, args, { output });
  return withExit(fs.existsSync(report) ? outcomeOf(fs.readFileSync(report, "utf8")) : none, "python", exit);
}

const none: Outcome = failure();

/** Why the tests cannot run with this Python; null if they can. */
function whatIsMissing(python: string): string | null {
  const { status, error } = spawnSync(python, ["-c", "import torch, pytest"], { stdio: "ignore" });
  if (error) return `no Python under the name ${python}`;
  return status === 0 ? null : `${python} has no PyTorch or no pytest`;
}

/** Counts and failed names from pytest's JUnit report. `conftest.py` gives the reason for which a tier skips a test. */
export function outcomeOf(xml: string): Outcome {
  let passed = 0;
  const skipped = { ...nothing };
  const failures: string[] = [];
  for (const part of xml.split("<testcase ").slice(1)) {
    const name = part.match(/name="([^"]*)"/)?.[1] ?? "?";
    if (part.includes("<failure") || part.includes("<error")) failures.push(`python: ${name}`);
    else if (part.includes("<skipped")) skipped[tierThatRuns(part) ?? "here"]++;
    else passed++;
  }
  return { passed, failures, skipped };
}

function tierThatRuns(part: string): "thorough" | "long" | undefined {
  const [, tier] = part.match(/message="tier (\w+)"/) ?? [];
  return tier === "thorough" || tier === "long" ? tier : undefined;
}
