/** How the command line's two processes communicate: one receives signals, the other one works. */

import * as z from "zod";
import { stopFd, stopFdVariable } from "../../protocol/stopChannel.ts";

/** Set for the working process: the columns of stderr's terminal, or 0 if it is none. */
const mark = "GRADLENS_SUPERVISED";

/** Message to the working process: stop as soon as possible and report what there is. */
export const cancelMessage = "cancel";
/** Number of the work on the stop channel, which reaches it within a step. */
export const commandNumber = 1;

/** Messages from the working process: stdout is in use, or the report to print if the process has to be ended. */
export const fromWorkSchema = z.union([z.literal("printing"), z.object({ report: z.string() })]);
export type FromWork = z.infer<typeof fromWorkSchema>;

/** Environment of the working process. */
export function supervisedEnv(stderr: NodeJS.WriteStream): NodeJS.ProcessEnv {
  return {
    ...process.env,
    [stopFdVariable]: String(stopFd),
    [mark]: String(stderr.isTTY ? (stderr.columns ?? 80) : 0),
  };
}

/** The supervisor's terminal; null if this process is not supervised. */
export function supervision(): { readonly stderrColumns: number } | null {
  const columns = Number(process.env[mark]);
  return process.send && process.env[mark] !== undefined && Number.isInteger(columns)
    ? { stderrColumns: columns }
    : null;
}

/** Sends a message to the supervising process; does nothing without one. */
export function tellSupervisor(message: FromWork): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
