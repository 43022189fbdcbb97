/** PyTorch, if `PYTHON` (or python3) has it: nn's own layers, and unrolled cells that keep every state's gradient. */

import { spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import type { Contender, Step } from "./shape.ts";

export interface Torch {
  readonly label: string;
  /** Contenders for one recurrent layer. */
  readonly contenders: readonly Contender[];
  /** Makes one of the nets that `torch_steps.py` knows, one at a time; `processor` takes a step on a single thread. */
  net(name: string): Promise<{ readonly step: Step; readonly processor: Step }>;
  close(): void;
}

/** Null if there is no PyTorch. */
export async function torch(root: string): Promise<Torch | null> {
  const python = process.env["PYTHON"] || "python3";
  const child = spawn(python, [path.join(root, "test/bench/torch_steps.py")], { stdio: ["pipe", "pipe", "ignore"] });
  child.on("error", () => {});
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const line = await lines.next();
    return line.done ? undefined : JSON.parse(line.value);
  };
  const ask = async (request: unknown): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return await next();
  };
  const hello = await next();
  if (typeof hello !== "object" || hello === null || !("label" in hello)) return null;
  let prepared = "";
  const prepare = async (request: unknown): Promise<void> => {
    const key = JSON.stringify(request);
    if (prepared !== key) await ask(request);
    prepared = key;
  };
  const close = (): void => {
    child.stdin.end();
  };
  const contender = (name: string, which: string): Contender => ({
    name,
    async prepare(shape) {
      await prepare(shape);
      return async () => Number(await ask(which));
    },
    close,
  });
  return {
    label: String(hello.label),
    contenders: [contender("torch", "fused"), contender("torch+grads", "unrolled")],
    async net(name) {
      await prepare({ net: name });
      return { step: async () => Number(await ask("fused")), processor: async () => Number(await ask("processor")) };
    },
    close,
  };
}
