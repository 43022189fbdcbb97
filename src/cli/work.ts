/** The process that does what the command line asks for. Another one supervises it (`process/supervise.ts`). */

import { captureConsole } from "../engine/process/captureConsole.ts";
import { isStop, startWatchThread, wasStopped } from "../engine/process/watchThread.ts";
import { cliWords } from "../messages/cli.ts";
import { speak } from "../messages/language.ts";
import { exitCodes, gravest } from "./exitCodes.ts";
import { processIo } from "./io.ts";
import { languageFor } from "./language.ts";
import { cancelMessage, commandNumber } from "./process/supervised.ts";

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
  startWatchThread(commandNumber);
  captureConsole(() => {});
  const io = processIo(stderrColumns);
  const { main } = await import("./program.ts");
  // Backends may keep threads and timers; everything has been written.
  const code = await main(args, io, cancel.signal);
  // The thread may stop the last computation before the message that cancels has been read.
  process.exit(wasStopped() ? gravest([code, exitCodes.interrupted]) : code);
}

function fail(error: unknown): void {
  if (isStop(error)) process.exit(exitCodes.interrupted);
  process.stderr.write(
    `${cliWords().defect(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`,
    () => process.exit(exitCodes.engine),
  );
}
