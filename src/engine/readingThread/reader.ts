/** Reads files that others wrote in a separate thread, with a time limit and a way to stop it. */

import fs from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { languageTag } from "../../messages/language.ts";
import { readingWords } from "../../messages/reading.ts";
import { type Answer, answers, type Kind, type Question, type Reply, replySchema } from "./jobs.ts";

/** Thrown if the file cannot be read; the message is for its owner. */
export class ReadingRefused extends Error {}

/** For `catch`: converts a refusal; rethrows any other error. */
export function refusedAs<T>(told: (words: string) => T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ReadingRefused) return told(error.message);
    throw error;
  };
}

/** Thrown when the signal ends the reading. */
export class ReadingEnded extends Error {}

/**
 * Limits of processor time in milliseconds, for any file and per megabyte; a table of 64 MB needs a tenth of its limit.
 * The clock would refuse sound files on a busy machine or a slow disk, so it counts only after `waiting` times as long.
 */
const time = { any: 10_000, perMegabyte: 1500, most: 120_000, waiting: 6 };
/** Looks at the limits in the time of the first one. */
const looks = 40;
/** Megabytes for the thread's own objects; numbers are stored outside these. */
const heapMegabytes = 512;
/** Milliseconds for which an idle thread waits for another file. */
const idle = 1000;
/** After a file of this many megabytes, the thread is ended to free its memory. */
const largeMegabytes = 8;

interface Waiting {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
}

let waiting: Waiting | null = null;

/**
 * @param kind name of the reader.
 * @param question its input.
 * @param signal ends the reading at once.
 * @returns the reader's answer, with arrays that the caller owns.
 * @throws ReadingRefused if the file cannot be read or takes too long
 * @throws ReadingEnded when the signal comes
 */
export async function readInWorker<K extends Kind>(
  kind: K,
  question: Question<K>,
  signal: AbortSignal,
): Promise<Answer<K>> {
  const { file, folder = "" } = { folder: undefined, ...question };
  const place = typeof file === "string" ? file : path.resolve(folder, file.file);
  const megabytes = ((await fs.promises.stat(place).catch(() => null))?.size ?? 0) / 2 ** 20;
  const limit = Math.min(time.most, time.any + time.perMegabyte * megabytes);
  if (signal.aborted) throw new ReadingEnded("The reading was ended.");
  const worker = takeWorker();
  let reply: Reply;
  try {
    reply = await ask(worker, { kind, question }, limit, signal);
  } catch (error) {
    // The thread may still be busy, or in an undefined state.
    void worker.terminate();
    throw error;
  }
  if (megabytes > largeMegabytes) void worker.terminate();
  else keep(worker);
  if ("refused" in reply) throw new ReadingRefused(reply.refused);
  if ("failed" in reply) throw new Error(reply.failed);
  return answers[kind].parse(reply.answer);
}

async function ask(worker: Worker, request: unknown, limit: number, signal: AbortSignal): Promise<Reply> {
  let listening = () => {};
  try {
    return await new Promise((resolve, reject) => {
      const refuse = (message: string) => reject(new ReadingRefused(message));
      const begun = process.cpuUsage();
      let looked = 0;
      const timer = setInterval(() => {
        // This process's other threads wait for the file.
        const { user, system } = process.cpuUsage(begun);
        // Looks are counted, because a clock goes on while the computer sleeps.
        if ((user + system) / 1000 < limit && ++looked < time.waiting * looks) return;
        refuse(readingWords().tookLong(Math.round(limit / 1000)));
      }, limit / looks);
      const end = () => reject(new ReadingEnded("The reading was ended."));
      const message = (value: unknown) => resolve(replySchema.parse(value));
      const failed = (error: unknown) => {
        if (codeOf(error) === "ERR_WORKER_OUT_OF_MEMORY") refuse(readingWords().noMemory);
        else reject(error instanceof Error ? error : new Error(String(error)));
      };
      const gone = () => reject(new Error("The thread that reads files has ended."));
      worker.on("message", message).on("error", failed).on("exit", gone);
      signal.addEventListener("abort", end);
      listening = () => {
        clearInterval(timer);
        signal.removeEventListener("abort", end);
        worker.off("message", message).off("error", failed).off("exit", gone);
      };
      worker.ref();
      worker.postMessage(request);
    });
  } finally {
    listening();
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function takeWorker(): Worker {
  if (waiting) {
    const { worker, timer } = waiting;
    clearTimeout(timer);
    waiting = null;
    return worker;
  }
  const worker = new Worker(workerFile(), {
    workerData: { language: languageTag() },
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    execArgv: [],
    // The libraries' console output is discarded.
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  // Handles errors even while no caller waits for the thread.
  worker.on("error", () => {});
  worker.on("exit", () => {
    if (waiting?.worker === worker) waiting = null;
  });
  return worker;
}

/** Keeps the thread for the next file for a while, without keeping the process alive. */
function keep(worker: Worker): void {
  if (waiting) {
    void worker.terminate();
    return;
  }
  worker.unref();
  const timer = setTimeout(() => {
    if (waiting?.worker === worker) waiting = null;
    void worker.terminate();
  }, idle);
  timer.unref();
  waiting = { worker, timer };
}

const bundle = "reader.js";

/** The bundle's folder. For code that runs from its sources, `GRADLENS_READER` names the folder. */
function workerFile(): string {
  const folders = [__dirname, process.env["GRADLENS_READER"]];
  const folder = folders.find((f) => f && fs.existsSync(path.join(f, bundle)));
  if (!folder) throw new Error(`The file ${bundle} is missing beside the engine.`);
  return path.join(folder, bundle);
}
