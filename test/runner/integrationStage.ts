import fs from "node:fs";
import path from "node:path";
import { root } from "../../tools/root.ts";
import { suiteResultSchema } from "../vscode/suiteResult.ts";
import { type Output, runCommand } from "./command.ts";
import { contentOf } from "./contentOf.ts";
import { failure, nothing, type Outcome, withExit } from "./outcome.ts";

/** Runs the tests inside VS Code and counts the results that their host writes after each test. */
export async function integrationStage(filters: readonly string[], output?: Output): Promise<Outcome> {
  const results = path.join(root, "out/results/integration.json");
  fs.mkdirSync(path.dirname(results), { recursive: true });
  fs.rmSync(results, { force: true });
  const program = path.join(root, "tools/ts.mjs");
  const args = [program, "test/vscode/runIntegration.ts", ...filters];
  const exit = await runCommand(process.execPath, args, {
    output,
    env: { GRADLENS_TEST_RESULTS: results },
    progress: () => contentOf(results),
  });
  if (!fs.existsSync(results)) return failure(`integration: ${exit ?? "VS Code left no report"}`);
  return countIntegration(fs.readFileSync(results, "utf8"), exit);
}

export function countIntegration(json: string, exit: string | undefined): Outcome {
  const { complete, passed, failures, later, skipped } = suiteResultSchema.parse(JSON.parse(json));
  const died = complete ? [] : ["integration: VS Code's extension host ended before the tests did"];
  return withExit(
    {
      passed,
      skipped: { ...nothing, thorough: later, here: skipped },
      failures: [...failures.map((f) => `integration: ${f}`), ...died],
    },
    "integration",
    exit,
  );
}
