/** Output for stdout if the working process ended before it printed: its last report, or an object of errors. */

import { cliWords } from "../../messages/cli.ts";
import { fromWorkSchema } from "./supervised.ts";

export class LastWords {
  readonly #args: readonly string[];
  #printing = false;
  #report: string | null = null;

  /** @param args arguments of the command line. */
  constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** @param message message of the working process. */
  hear(message: unknown): void {
    const { data } = fromWorkSchema.safeParse(message);
    if (data === "printing") this.#printing = true;
    else if (data !== undefined) this.#report = data.report;
  }

  /** The report of the steps taken or, for readers of JSON, the reason why there is none. */
  async interrupted(): Promise<string> {
    if (this.#printing) return "";
    return this.#report ?? (await this.#refused(cliWords().interruptedEarly));
  }

  /** For readers of JSON, the reason why there is no report; empty otherwise. */
  async failed(words: string): Promise<string> {
    return this.#printing ? "" : await this.#refused(words);
  }

  async #refused(words: string): Promise<string> {
    // Imported only here: a process that only waits does not need it.
    if (this.#args.includes("--json")) {
      const { refusedPieces, unplaced } = await import("../json.ts");
      return [...refusedPieces(null, [unplaced(words)])].join("");
    }
    if (this.#args.includes("--sarif")) return (await import("../sarif.ts")).sarifOf(null, [], [words]);
    return "";
  }
}
