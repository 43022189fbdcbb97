import { runBundled } from "../bundled.mjs";

// Not in the same folder: a long run forks its program again and again.
if (process.argv.includes("--guided")) {
  const { coverage } = await import("./coverage.mjs");
  await runBundled("fuzz-guided", "test/fuzz/main.ts", [coverage()]);
} else await runBundled("fuzz", "test/fuzz/main.ts");
