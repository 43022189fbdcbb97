/**
 * The holder of a lock, and whether that process still exists.
 *
 * A process id alone is not enough, because ids are reused. The start of a process distinguishes processes with the same
 * id, the boot id distinguishes boots, and the process-id namespace distinguishes containers. Where the start of
 * processes is unknown, a process with that id may or may not be the holder. The clock that can be set decides nothing:
 * if it jumped, a lock in use would seem to be older than the machine's start.
 */

import { randomBytes } from "node:crypto";
import * as z from "zod";
import { folderWords } from "../../messages/folders.ts";
import { ended, type System, thisSystem } from "./system.ts";

const short = z.string().max(128);

/** A lock file is untrusted data: anybody may have written it. */
export const ownerSchema = z.object({
  /** Identifies this one lock. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  pid: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  /** What the system says of the process's start; null: unknown. */
  started: short.nullable(),
  boot: short.nullable(),
  namespace: short.nullable(),
  host: z.string().regex(/^[\w.-]{0,255}$/),
  /** When the lock was taken, for people. */
  since: z.iso.datetime(),
  /** When the lock was taken, in milliseconds since the machine's start. */
  sinceBoot: z.number().nonnegative().nullable().default(null),
});

export type Owner = z.infer<typeof ownerSchema>;

/**
 * - `elsewhere`: on another machine or in another container, where the process cannot be checked
 * - `unsure`: a process with its id exists, and nothing says whether it is the same
 */
export type OwnerState = "alive" | "gone" | "elsewhere" | "unsure";

export function thisProcess(system: System = thisSystem): Owner {
  return {
    id: randomBytes(16).toString("hex"),
    pid: system.pid,
    started: system.startOf(system.pid),
    boot: system.boot(),
    namespace: system.namespace(),
    host: system.host(),
    since: new Date(system.now()).toISOString(),
    sinceBoot: system.sinceBoot(),
  };
}

export function stateOf(owner: Owner, system: System = thisSystem): OwnerState {
  const sameHost = owner.host === system.host();
  const boot = system.boot();
  if (owner.boot !== boot) return sameHost && owner.boot !== null && boot !== null ? "gone" : "elsewhere";
  if (boot === null && !sameHost) return "elsewhere";
  if (owner.namespace !== system.namespace()) return "elsewhere";
  if (!system.exists(owner.pid)) return "gone";
  const started = system.startOf(owner.pid);
  if (started === ended) return "gone";
  if (started !== null && owner.started !== null) return started === owner.started ? "alive" : "gone";
  const restarted = boot === null && owner.sinceBoot !== null && owner.sinceBoot > system.sinceBoot();
  return restarted ? "gone" : "unsure";
}

/** `process 4711, since 2026-01-31 12:00:00 UTC` */
export function ownerText(owner: Owner): string {
  const host = stateOf(owner) === "elsewhere" ? owner.host : null;
  return folderWords().owner({ pid: owner.pid, host, since: owner.since.slice(0, 19).replace("T", " ") });
}
