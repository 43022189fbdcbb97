/** The embedded rung: tfjs's WASM backend, completed so that every layer trains on it and NaN stays NaN. */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { engineWords } from "../../messages/engine.ts";
import type { Rung } from "./rung.ts";

const binary = "tfjs-backend-wasm.wasm";

let prepared = false;

export async function useWasm(): Promise<Rung> {
  const folder = wasmFolder();
  if (folder === null) return { reason: engineWords().fileMissing(binary) };
  if (!prepared) {
    prepared = true;
    setWasmPaths(folder + path.sep);
    // One thread: the tensors of recurrent nets are so small that passing them to threads costs more than it saves, and
    // worker threads would keep the process alive.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  }
  const simd = (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true;
  const started = await withoutProcessListeners(() => tf.setBackend("wasm"));
  return started ? { label: simd ? "WASM (SIMD)" : "WASM" } : { reason: engineWords().moduleNotStarted };
}

/** The folder of the bundle, or of the package when the code runs from its sources; null if the file is in neither. */
function wasmFolder(): string | null {
  if (fs.existsSync(path.join(__dirname, binary))) return __dirname;
  try {
    const main = createRequire(__filename).resolve("@tensorflow/tfjs-backend-wasm/package.json");
    const folder = path.join(path.dirname(main), "dist");
    return fs.existsSync(path.join(folder, binary)) ? folder : null;
  } catch {
    return null;
  }
}

/** Emscripten's start-up code replaces the process's last-resort error handlers, which belong to the engine. */
async function withoutProcessListeners<T>(start: () => Promise<T>): Promise<T> {
  const events = ["uncaughtException", "unhandledRejection"];
  const before = events.map((event) => new Set(process.rawListeners(event)));
  const result = await start();
  events.forEach((event, i) => {
    const added = process.rawListeners(event).filter((listener) => !before[i]?.has(listener));
    for (const listener of added) Reflect.apply(process.off, process, [event, listener]);
  });
  return result;
}
