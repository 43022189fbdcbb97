import { runBundled } from "../bundled.mjs";

await runBundled("zoo", "test/zoo/main.ts");
