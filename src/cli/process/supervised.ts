/** How the command line's two processes know one another: one hears signals, the other one works. */

import * as z from "zod";

/** Set for the process that works: columns of the terminal that stderr is, 0: it is none. */
const mark = "GRADLENS_SUPERVISED";

/** What the working process is told; it stops as soon as it can and reports what it has. */
export const cancelMessage = "cancel";

/** What the working process says: that stdout is in use, or what is printed there if the process has to be ended. */
export const fromWorkSchema = z.union([z.literal("printing"), z.object({ report: z.string() })]);
export type FromWork = z.infer<typeof fromWorkSchema>;

/** Environment of the process that works. */
export function supervisedEnv(stderr: NodeJS.WriteStream): NodeJS.ProcessEnv {
  return { ...process.env, [mark]: String(stderr.isTTY ? (stderr.columns ?? 80) : 0) };
}

/** What the terminal is like, for the process that works; null: this one is nobody's. */
export function supervision(): { readonly stderrColumns: number } | null {
  const columns = Number(process.env[mark]);
  return process.send && process.env[mark] !== undefined && Number.isInteger(columns)
    ? { stderrColumns: columns }
    : null;
}

/** Tells the supervising process; lost where there is none. */
export function tellSupervisor(message: FromWork): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
