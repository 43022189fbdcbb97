/** A kind of input, with what must hold for every one of them. */

import type { Arbitrary } from "fast-check";

/** Whether the product took the input, or refused it with a reason. */
export type Taken = "accepted" | "refused";

/** Bytes or text of an input, to be written beside a fault's message. */
export type Shown = Uint8Array | string;

/** A check of inputs, made once for many of them. */
export interface Check<T> {
  /** @throws whatever the product throws, or a `Fault` if a promise does not hold. */
  readonly one: (input: T) => Promise<Taken> | Taken;
  /** A promise about all inputs, as a sentence; null if it holds. */
  readonly all?: () => string | null;
}

export interface TargetParts<T> {
  readonly name: string;
  /** Its part of all cases of `npm run fuzz`, compared with the other targets. */
  readonly share: number;
  /** Its inputs of the fixed seed in `npm test`: the fewer, the more processor time each takes. */
  readonly quick: number;
  /** The least part of the inputs that must be accepted, so that they go beyond the first check. */
  readonly accepted: number;
  readonly inputs: () => Promise<Arbitrary<T>> | Arbitrary<T>;
  /** @param folder an empty folder for the target's files. */
  readonly open: (folder: string) => Promise<Check<T>> | Check<T>;
  readonly shown: (input: T) => Shown;
  /** An input like another one, with other bytes, for the search that follows coverage. Default: it does not search here. */
  readonly again?: (bytes: Uint8Array, like: T) => T;
}

/** What the runner calls; the type of the inputs stays inside. */
export interface Target {
  readonly name: string;
  readonly share: number;
  readonly quick: number;
  readonly accepted: number;
  readonly visit: <R>(visitor: <T>(parts: TargetParts<T>) => R) => R;
}

export function target<T>(parts: TargetParts<T>): Target {
  const { name, share, quick, accepted } = parts;
  return { name, share, quick, accepted, visit: (visitor) => visitor(parts) };
}

/** A promise that an input breaks. */
export class Fault extends Error {}

/** Characters of a message that people can still read. */
const longestMessage = 3000;

/** A message must say something, at a bounded length, and must not show what only a program understands. */
export function checkMessage(message: string, about: string): void {
  if (message.trim() === "") throw new Fault(`${about} is refused without a word`);
  if (message.length > longestMessage) throw new Fault(`${about}: a message of ${message.length} characters`);
  const leak = /\bundefined\b|\[object |\bat \S+ \(.*:\d+:\d+\)|TypeError|RangeError: /.exec(message);
  if (leak) throw new Fault(`${about}: the message shows ${JSON.stringify(leak[0])}: ${message.slice(0, 300)}`);
}
