import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { root } from "../../tools/root.ts";
import { bin, type Output, runCommand } from "./command.ts";
import { contentOf } from "./contentOf.ts";
import { failure, nothing, type Outcome, withExit } from "./outcome.ts";

/** The part of vitest's JSON report (jest's format) that is used. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string(), tags: z.array(z.string()) })),
    }),
  ),
});

/** Runs one vitest project and counts its tests; a file that could not be loaded counts as a failed test. */
export async function vitestStage(project: string, filters: readonly string[], output?: Output): Promise<Outcome> {
  const report = path.join(root, `out/results/${project}.json`);
  const progress = path.join(root, `out/results/${project}.progress`);
  for (const file of [report, progress]) fs.rmSync(file, { force: true });
  fs.mkdirSync(path.dirname(progress), { recursive: true });
  const reporters = ["default", "./test/runner/progressReporter.ts", "json"].map((name) => `--reporter=${name}`);
  const exit = await runCommand(
    bin("vitest"),
    ["run", "--project", project, ...reporters, `--outputFile.json=${report}`, ...filters],
    { output, env: { GRADLENS_TEST_PROGRESS: progress }, progress: () => contentOf(progress) },
  );
  if (!fs.existsSync(report)) return failure(`${project}: ${exit ?? "it left no report"}`);
  return withExit(countVitest(fs.readFileSync(report, "utf8")), project, exit);
}

export function countVitest(json: string): Outcome {
  let passed = 0;
  const skipped = { ...nothing };
  const failures: string[] = [];
  for (const file of reportSchema.parse(JSON.parse(json)).testResults) {
    const before = failures.length;
    for (const test of file.assertionResults)
      if (test.status === "passed") passed++;
      else if (test.status === "failed") failures.push(`${path.relative(root, file.name)}: ${test.fullName}`);
      else skipped[test.tags.includes("long") ? "long" : test.tags.includes("thorough") ? "thorough" : "here"]++;
    if (file.status === "failed" && failures.length === before)
      failures.push(`${path.relative(root, file.name)}: ${file.message?.split("\n")[0] || "could not be loaded"}`);
  }
  return { passed, failures, skipped };
}
