/** The command line, called in this process, which takes milliseconds. */

import { main } from "../src/cli/program.ts";

/** Characters in a line. */
export const columns = 100;

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Calls the program and captures its output. */
export async function called(cwd: string, args: readonly string[]): Promise<Result> {
  const written = { out: "", err: "" };
  const output = (name: "out" | "err") => ({
    write: async (text: string) => {
      written[name] += text;
    },
    tty: false,
    colour: false,
    columns,
  });
  const io = { out: output("out"), err: output("err"), cwd, keep: () => {} };
  const code = await main(args, io, new AbortController().signal);
  return { code, ...written };
}
