/** The process that does what the command line asks for. Another one supervises it (`process/supervise.ts`). */

import { captureConsole } from "../engine/process/captureConsole.ts";
import { watchParent } from "../engine/process/parentWatch.ts";
import { cliWords } from "../messages/cli.ts";
import { speak } from "../messages/language.ts";
import { exitCodes } from "./exitCodes.ts";
import { processIo } from "./io.ts";
import { languageFor } from "./language.ts";
import { cancelMessage } from "./process/supervised.ts";

/**
 * Runs a command, then ends this process.
 *
 * @param args without node and script
 * @param stderrColumns columns of the terminal that shows stderr; 0: it is none
 */
export async function work(args: readonly string[], stderrColumns: number): Promise<void> {
  speak(languageFor(args, process.env));
  const cancel = new AbortController();
  // A terminal interrupts both processes; the supervising one decides what it means.
  process.on("SIGINT", () => {});
  process.on("message", (message) => {
    if (message === cancelMessage) cancel.abort();
  });
  process.on("disconnect", () => process.exit(exitCodes.interrupted));
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  watchParent();
  captureConsole(() => {});
  const io = processIo(stderrColumns);
  const { main } = await import("./program.ts");
  // Backends may keep threads and timers; everything has been written.
  process.exit(await main(args, io, cancel.signal));
}

function fail(error: unknown): void {
  process.stderr.write(
    `${cliWords().defect(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
    () => process.exit(exitCodes.engine),
  );
}
