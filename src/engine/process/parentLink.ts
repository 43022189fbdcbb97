/** What the engine sends to the process that forked it, and how fast. */

import type { FromEngine } from "../../protocol/engineMessages.ts";
import type { CoalescerOptions } from "./coalescer.ts";

/** Number of messages that the host may leave unread before further frames wait. */
const maxUnread = 4;

export interface ParentLink {
  /** @param taken called once the message is out, like all earlier ones. */
  readonly send: (message: FromEngine, taken?: () => void) => void;
  /** Frames wait while the host has not read the earlier ones. */
  readonly pacing: Omit<CoalescerOptions, "send">;
}

export function parentLink(): ParentLink {
  let unread = 0;
  return {
    send: (message, taken = () => {}) => {
      unread++;
      process.send?.(message, undefined, undefined, () => {
        unread--;
        taken();
      });
    },
    pacing: {
      canSend: () => unread < maxUnread,
      now: () => performance.now(),
      later: (callback, milliseconds) => {
        const timer = setTimeout(callback, milliseconds);
        return () => clearTimeout(timer);
      },
    },
  };
}
