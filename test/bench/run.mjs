import { runBundled } from "../bundled.mjs";

await runBundled("bench", "test/bench/bench.ts");
