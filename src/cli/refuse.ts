/** Ends a command that cannot go on: its messages, one to a line, and the exit code. */

import { type ExitCode, exitCodes } from "./exitCodes.ts";
import type { Io } from "./io.ts";

export async function refuse(messages: readonly string[], io: Io, code: ExitCode = exitCodes.usage): Promise<ExitCode> {
  for (const message of messages) await io.err.write(`${message}\n`);
  return code;
}
