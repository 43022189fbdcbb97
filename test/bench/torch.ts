/** PyTorch, where `PYTHON` (or python3) has it: nn's own layers, and unrolled cells that keep every state's gradient. */

import { spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import type { Contender } from "./shape.ts";

/** Null where there is no PyTorch. */
export async function torch(
  root: string,
): Promise<{ readonly label: string; readonly contenders: Contender[] } | null> {
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
  const contender = (name: string, which: string): Contender => ({
    name,
    async prepare(shape) {
      const key = JSON.stringify(shape);
      if (prepared !== key) await ask(shape);
      prepared = key;
      return async () => Number(await ask(which));
    },
    close: () => child.stdin.end(),
  });
  return {
    label: String(hello.label),
    contenders: [contender("torch", "fused"), contender("torch+grads", "unrolled")],
  };
}
