/** Runs jobs in several processes of this program; each process trains one net at a time. */

import { fork } from "node:child_process";
import { z } from "zod";

/** More would only share the same cores; the kernels' own threads are for large nets. */
const usualProcesses = 2;

export const jobSchema = z.discriminatedUnion("kind", [
  /** Run an entry and save its runs in a folder. */
  z.strictObject({ kind: z.literal("save"), name: z.string(), folder: z.string() }),
  /** Run an entry, or its healed config, with a seed to the end and report its outcome. */
  z.strictObject({ kind: z.literal("outcome"), name: z.string(), healed: z.boolean(), seed: z.int() }),
  /** Verify an entry's fixes and train it with each of them; the runs are saved in a folder, if there is one. */
  z.strictObject({ kind: z.literal("endToEnd"), name: z.string(), folder: z.string().nullable() }),
]);
export type Job = z.infer<typeof jobSchema>;

/** A worker's answer with the job's result; or the message that it is ready for one. */
const answerSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({ kind: z.literal("done"), result: z.unknown().optional() }),
  z.strictObject({ kind: z.literal("failed"), message: z.string() }),
]);
type Answer = z.infer<typeof answerSchema>;

/** Rejects with the first failure, after every process has ended. `done` is called as jobs end, in any order. */
export async function inWorkers(
  program: string,
  jobs: readonly Job[],
  done: (job: Job, result: unknown) => void,
  processes = usualProcesses,
): Promise<void> {
  const waiting = [...jobs];
  const count = Math.min(processes, jobs.length);
  const ended = await Promise.allSettled(Array.from({ length: count }, () => oneWorker(program, waiting, done)));
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}

function oneWorker(program: string, waiting: Job[], done: (job: Job, result: unknown) => void): Promise<void> {
  const child = fork(program, ["--worker"]);
  let current: Job | undefined;
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0 && !current) resolve();
      else reject(new Error(`a worker ended with ${code}${current ? ` at ${current.name}` : ""}`));
    });
    child.on("message", (message) => {
      try {
        const answer = answerSchema.parse(message);
        if (answer.kind === "failed") throw new Error(answer.message);
        if (answer.kind === "done" && current) done(current, answer.result);
        current = waiting.shift();
        if (current) child.send(current);
        else child.disconnect();
      } catch (error) {
        reject(error);
        child.kill();
      }
    });
  });
}

/** The worker's side: takes jobs from the parent until it disconnects. */
export function serve(work: (job: Job) => Promise<unknown>): void {
  const answer = (message: Answer): void => void process.send?.(message);
  process.on("message", (message) => {
    Promise.resolve()
      .then(() => work(jobSchema.parse(message)))
      .then(
        (result) => answer({ kind: "done", result }),
        (error: unknown) => answer({ kind: "failed", message: error instanceof Error ? error.message : String(error) }),
      );
  });
  process.on("disconnect", () => process.exit(0));
  answer({ kind: "ready" });
}
