/** `gradlens`: the engine without an editor. */

import { exitCodes } from "./exitCodes.ts";
import { processIo } from "./io.ts";
import { main } from "./program.ts";

const cancel = new AbortController();
process.on("SIGINT", () => {
  // The first asks for an end after the present step; a second one does not wait for it.
  if (cancel.signal.aborted) process.exit(exitCodes.interrupted);
  cancel.abort();
});

main(process.argv.slice(2), processIo(), cancel.signal).then(
  (code) => {
    // Backends may keep threads and timers; everything has been written.
    process.exit(code);
  },
  (error: unknown) => {
    process.stderr.write(
      `gradlens failed, which is a defect of its own: ${error instanceof Error ? error.stack : String(error)}\n`,
      () => process.exit(exitCodes.engine),
    );
  },
);
