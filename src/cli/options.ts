/** Checks the values of options while the command line is parsed. */

import { InvalidArgumentError } from "commander";
import { cliWords } from "../messages/cli.ts";
import type { BackendName } from "../protocol/run.ts";

export type BackendChoice = "auto" | BackendName;
export const backendChoices = ["auto", "tensorflow", "wasm", "cpu"] as const satisfies readonly BackendChoice[];

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError(cliWords().wholeNumber);
  return value;
}

/** Converts seconds, as written, to milliseconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError(cliWords().secondsAbove);
  return value * 1000;
}

export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
