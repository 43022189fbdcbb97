/** Interprets how the working process ended. */

import { cliWords } from "../../messages/cli.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";

export interface End {
  readonly code: ExitCode;
  /** Text for stderr; null if the process has already explained itself. */
  readonly words: string | null;
}

/** 128 + SIGABRT, V8's exit code on systems that report no signal. */
const aborted = 134;

/** @param fatal V8's last words, if any. */
export function endOf(code: number | null, signal: NodeJS.Signals | null, fatal: string | null): End {
  const own = Object.values(exitCodes).find((each) => each === code);
  if (own !== undefined && fatal === null) return { code: own, words: null };
  if (signal === "SIGINT") return { code: exitCodes.interrupted, words: null };
  const failed = (words: string): End => ({ code: exitCodes.engine, words: cliWords().ended(words) });
  if (/out of memory|allocation failed|invalid (?:table|array) (?:size|length)|bad_alloc/i.test(fatal ?? ""))
    return failed(cliWords().outOfMemory);
  if (signal === "SIGKILL") return failed(cliWords().killed);
  if (signal === "SIGABRT" || code === aborted || fatal !== null)
    return failed(cliWords().aborted(fatal === null ? null : (fatal.split("\n")[0]?.slice(0, 300) ?? "")));
  return failed(signal === null ? cliWords().onCode(String(code)) : cliWords().onSignal(signal));
}
