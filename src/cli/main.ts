/** The `gradlens` program: the engine without an editor. */

import { captureConsole } from "../engine/process/captureConsole.ts";
import { watchParent } from "../engine/process/parentWatch.ts";
import { cliWords } from "../messages/cli.ts";
import { speak } from "../messages/language.ts";
import { exitCodes } from "./exitCodes.ts";
import { processIo } from "./io.ts";
import { languageFor } from "./language.ts";
import { supervise } from "./process/supervise.ts";
import { cancelMessage, supervision } from "./process/supervised.ts";

const args = process.argv.slice(2);
speak(languageFor(args, process.env));
const supervised = supervision();
if (supervised) void work(supervised.stderrColumns);
else supervise(require.main?.filename ?? __filename, args);

async function work(stderrColumns: number): Promise<void> {
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
