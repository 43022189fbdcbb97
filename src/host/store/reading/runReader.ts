/**
 * Reads the event files of runs in a thread of its own, so that a large one never keeps the editor waiting. What comes
 * back is bounded, however large the files are: a history is.
 */

import fs from "node:fs";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { languageTag } from "../../../messages/language.ts";
import { restoreHistory } from "../../../protocol/history/store.ts";
import { answerSchema, type Question, type ReadRun } from "./messages.ts";

/** Megabytes for the thread's own objects; numbers are stored outside of these. */
const heapMegabytes = 512;
/** Milliseconds for which an idle thread waits for another run. */
const idle = 10_000;

const bundle = "runs.js";

let worker: Worker | null = null;
let resting: NodeJS.Timeout | undefined;
/** One run is read at a time, so that the thread's memory is that of one. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * The run that the files describe together; null if no file holds any event with a value.
 *
 * @param told receives the thread's answer as it came: the only work that the caller's thread has with a file
 */
export async function readRunFiles(
  question: Omit<Question, "language">,
  told?: (answer: unknown) => void,
): Promise<ReadRun | null> {
  const turn = queue.then(async () => await ask({ ...question, language: languageTag() }));
  queue = turn.catch(() => {});
  const said = await turn;
  told?.(said);
  // Taking over, checking, restoring and summing up a run of many layers take some 10 ms each: other things may go between.
  await setImmediate();
  const { data: answer, error } = answerSchema.safeParse(said);
  if (!answer) throw new Error(`The thread that reads runs gave no valid answer: ${error.message}`);
  if ("failed" in answer) throw new Error(answer.failed);
  const { stored } = answer;
  await setImmediate();
  const run = stored && { ...stored, history: restoreHistory(stored.history, { adopt: true }) };
  await setImmediate();
  return run;
}

/** The thread's answer, not checked yet. */
async function ask(question: Question): Promise<unknown> {
  clearTimeout(resting);
  worker ??= start();
  const thread = worker;
  let forget = () => {};
  try {
    return await new Promise((resolve, reject) => {
      const failed = (error: Error) => reject(error);
      const gone = () => reject(new Error("The thread that reads runs has ended."));
      thread.on("message", resolve).on("error", failed).on("exit", gone);
      forget = () => {
        thread.off("message", resolve).off("error", failed).off("exit", gone);
      };
      thread.ref();
      thread.postMessage(question);
    });
  } finally {
    forget();
    thread.unref();
    resting = setTimeout(stop, idle);
    resting.unref();
  }
}

function start(): Worker {
  const started = new Worker(bundleFile(), { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes }, execArgv: [] });
  // Errors are heard even while nobody waits for the thread.
  started.on("error", () => {});
  started.on("exit", () => {
    if (worker === started) worker = null;
  });
  return started;
}

function stop(): void {
  void worker?.terminate();
  worker = null;
}

/** Beside the extension. For code that runs from its sources, `GRADLENS_READER` names the folder. */
function bundleFile(): string {
  const folders = [__dirname, process.env["GRADLENS_READER"]];
  const folder = folders.find((f) => f && fs.existsSync(path.join(f, bundle)));
  if (!folder) throw new Error(`The file ${bundle} is missing beside the extension.`);
  return path.join(folder, bundle);
}
