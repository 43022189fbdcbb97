/**
 * The thread that reads runs and judges them. A file may be large, or made by anyone: the host's own thread only takes
 * what was found.
 */

import fs from "node:fs";
import { type MessagePort, parentPort } from "node:worker_threads";
import { languageOf, speak } from "../../../messages/language.ts";
import { type EventFile, readRun } from "../../../tensorboard/readRun.ts";
import { judge } from "./judge.ts";
import { questionSchema, type RunFile } from "./messages.ts";

async function receive(port: MessagePort, message: unknown): Promise<void> {
  try {
    const { files, runId, model, language } = questionSchema.parse(message);
    speak(languageOf(language));
    const stored = await readRun(files.map(eventFile), runId, model);
    const findings = stored && judge(stored);
    const history = stored?.history.snapshot();
    const arrays = history
      ? [history.steps, history.rows, ...history.maps.flatMap(({ map, latest }) => [map.values, latest])]
      : [];
    const buffers = new Set(arrays.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? buffer : [])));
    port.postMessage({ stored: stored && { ...stored, findings, history } }, [...buffers]);
  } catch (error) {
    port.postMessage({ failed: error instanceof Error ? error.message : String(error) });
  }
}

function eventFile({ name, content }: RunFile): EventFile {
  return { name, open: () => (typeof content === "number" ? beginning(name, content) : whole(content)) };
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* beginning(file: string, size: number): AsyncGenerator<Uint8Array> {
  if (size > 0) yield* fs.createReadStream(file, { end: size - 1, highWaterMark: 2 ** 18 });
}

parentPort?.on("message", (message: unknown) => {
  if (parentPort) void receive(parentPort, message);
});
