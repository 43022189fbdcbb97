/** The backends the tests run on: those this machine has. */

import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";

const require = createRequire(import.meta.url);

function hasTensorFlow(): boolean {
  try {
    require("@tensorflow/tfjs-node");
    return true;
  } catch {
    return false;
  }
}

export const backendNames: readonly string[] = ["cpu", "wasm", ...(hasTensorFlow() ? ["tensorflow"] : [])];

export async function useBackend(name: string): Promise<void> {
  if (name === "wasm") setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  if (!(await tf.setBackend(name))) throw new Error(`no backend ${name}`);
  await tf.ready();
}
