#!/usr/bin/env node
// The executable that test-electron is given in place of VS Code's; what it does is in code.ts.
import { runProgram } from "../../tools/ts.mjs";

await runProgram("test/vscode/code.ts", process.argv.slice(2));
