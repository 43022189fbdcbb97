// `npm test [-- stage [filter]]`: see runner/main.ts.
import { runProgram } from "../tools/ts.mjs";

await runProgram("test/runner/main.ts", process.argv.slice(2));
