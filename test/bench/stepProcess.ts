/** A process that takes training steps on demand: one JSON request per line of stdin, one answer per line of stdout. */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import readline from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Contender, Step } from "./shape.ts";

export class StepProcess {
  readonly label: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: () => Promise<unknown>;
  #prepared = "";

  private constructor(
    label: string,
    child: ChildProcessByStdio<Writable, Readable, null>,
    answers: () => Promise<unknown>,
  ) {
    this.label = label;
    this.#child = child;
    this.#answers = answers;
  }

  /** Null if the process does not begin with a line that has a `label`. */
  static async start(command: string, args: readonly string[]): Promise<StepProcess | null> {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
    child.on("error", () => {});
    const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    const hello: unknown = first.done ? null : JSON.parse(first.value);
    if (typeof hello !== "object" || hello === null || !("label" in hello)) {
      child.kill();
      return null;
    }
    const answers = async (): Promise<unknown> => {
      const line = await lines.next();
      if (line.done) throw new Error(`${command} ended without an answer.`);
      return JSON.parse(line.value);
    };
    return new StepProcess(String(hello.label), child, answers);
  }

  /** Makes a net, unless it is the one that was made last. */
  async prepare(request: unknown): Promise<void> {
    const key = JSON.stringify(request);
    if (this.#prepared !== key) await this.#ask(request);
    this.#prepared = key;
  }

  /** Takes the step that the process calls so. */
  step(which: string): Step {
    return async () => Number(await this.#ask(which));
  }

  contender(name: string, which: string): Contender {
    return {
      name,
      prepare: async (shape) => {
        await this.prepare(shape);
        return this.step(which);
      },
      close: () => this.close(),
    };
  }

  close(): void {
    this.#child.stdin.end();
  }

  async #ask(request: unknown): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return await this.#answers();
  }
}
