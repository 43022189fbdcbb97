/** Has files that others wrote read in a thread of its own, for a limited time, until it is ended. */

import fs from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { type Answer, answers, type Kind, type Question, type Reply, replySchema } from "./jobs.ts";

/** The file cannot be read, in words for its owner. */
export class ReadingRefused extends Error {}

/** For `catch`: what a refusal is told as; any other error goes on. */
export function refusedAs<T>(told: (words: string) => T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ReadingRefused) return told(error.message);
    throw error;
  };
}

/** The signal has come. */
export class ReadingEnded extends Error {}

/** Milliseconds for any file, and for each megabyte of it; a table of 64 MB takes a tenth of it. */
const time = { any: 10_000, perMegabyte: 1500, most: 120_000 };
/** Megabytes of the thread's own objects; numbers are kept outside of these. */
const heapMegabytes = 512;
/** Milliseconds that a thread waits for another file. */
const idle = 1000;
/** Megabytes of a file whose thread is ended after it, so that its memory comes back. */
const largeMegabytes = 8;

interface Waiting {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
}

let waiting: Waiting | null = null;

/**
 * @param kind which of the readers.
 * @param question what it is to read.
 * @param signal ends the reading at once.
 * @returns what the reader answers, its arrays owned by the caller.
 * @throws ReadingRefused where the file cannot be read or takes too long
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
    // It may be busy still, or in the middle of something.
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
      const timer = setTimeout(
        () =>
          refuse(
            `Reading it took more than ${Math.round(limit / 1000)} s and was ended: it is damaged, or made to be read without end.`,
          ),
        limit,
      );
      const end = () => reject(new ReadingEnded("The reading was ended."));
      const message = (value: unknown) => resolve(replySchema.parse(value));
      const failed = (error: unknown) => {
        if (codeOf(error) === "ERR_WORKER_OUT_OF_MEMORY") refuse("Reading it takes more memory than there is for it.");
        else reject(error instanceof Error ? error : new Error(String(error)));
      };
      const gone = () => reject(new Error("The thread that reads files has ended."));
      worker.on("message", message).on("error", failed).on("exit", gone);
      signal.addEventListener("abort", end);
      listening = () => {
        clearTimeout(timer);
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
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    execArgv: [],
    // What a library says there is for nobody.
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  // Also while nobody waits for it.
  worker.on("error", () => {});
  worker.on("exit", () => {
    if (waiting?.worker === worker) waiting = null;
  });
  return worker;
}

/** For the next file, for a while; nothing waits for it to end. */
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

/** Beside the bundle; `GRADLENS_READER` names the folder for code that runs from its sources. */
function workerFile(): string {
  const folders = [__dirname, process.env["GRADLENS_READER"]];
  const folder = folders.find((f) => f && fs.existsSync(path.join(f, bundle)));
  if (!folder) throw new Error(`The file ${bundle} is missing beside the engine.`);
  return path.join(folder, bundle);
}
