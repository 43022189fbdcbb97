/**
 * Runs the command line in a second process. A process that computes receives no signal, and one with a full heap gives
 * no useful message. The supervising process does nothing else, so it can end the working one and explain why it ended.
 */

import { fork } from "node:child_process";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { cliWords } from "../../messages/cli.ts";
import { stopFd, stopMessage } from "../../protocol/stopChannel.ts";
import { exitCodes } from "../exitCodes.ts";
import { endOf } from "./endOf.ts";
import { FatalFilter } from "./fatalFilter.ts";
import { LastWords } from "./lastWords.ts";
import { cancelMessage, commandNumber, supervisedEnv } from "./supervised.ts";

/** Milliseconds from the first interrupt to the forced end, whatever is being computed. */
const patience = 400;
/** Milliseconds that a reader of stdout gets for the last words; a stalled reader is not waited for. */
const lastWait = 150;

/** @param script this program, started again with the same arguments. */
export function supervise(script: string, args: readonly string[]): void {
  const child = fork(script, [...args], {
    stdio: ["inherit", "inherit", "pipe", "ipc", "pipe"],
    env: supervisedEnv(process.stderr),
  });
  // If it has gone, its "close" event reports it.
  const found = child.stdio[stopFd];
  const stopChannel = found instanceof Socket ? found : null;
  // Its signs of progress are not needed here, but a channel that nobody reads would not close.
  stopChannel?.on("error", () => {}).resume();
  const stop = () => {
    stopChannel?.write(stopMessage(commandNumber));
    if (child.connected) child.send(cancelMessage, () => {});
  };
  const end = (code: number): never => {
    child.kill("SIGKILL");
    process.exit(code);
  };

  const lastWords = new LastWords(args);
  child.on("message", (message) => lastWords.hear(message));
  const interrupt = async (): Promise<void> => {
    setTimeout(() => end(exitCodes.interrupted), lastWait);
    child.removeAllListeners("close");
    child.kill("SIGKILL");
    process.stdout.write(await lastWords.interrupted(), () => end(exitCodes.interrupted));
  };

  let interrupts = 0;
  process.on("SIGINT", () => {
    if (++interrupts > 1) end(exitCodes.interrupted);
    stop();
    setTimeout(() => void interrupt(), patience).unref();
  });
  for (const [signal, number] of [
    ["SIGTERM", 15],
    ["SIGHUP", 1],
  ] as const)
    process.on(signal, () => end(128 + number));
  // A closed reader is no reason to fail.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") end(exitCodes.engine);
    });

  const filter = new FatalFilter();
  const decoder = new StringDecoder("utf8");
  child.stderr?.on("data", (chunk: Buffer) => process.stderr.write(filter.push(decoder.write(chunk))));
  child.on("error", (error) => {
    process.stderr.write(`${cliWords().notStarted(error.message)}\n`, () => process.exit(exitCodes.engine));
  });
  // "close" rather than "exit": by then all of stderr has been read.
  child.on("close", async (code, signal) => {
    const { code: own, words } = endOf(code, signal, filter.fatal);
    const ending =
      interrupts > 0 && words !== null ? { code: exitCodes.interrupted, words: null } : { code: own, words };
    const rest = ending.words === null ? "" : await lastWords.failed(ending.words);
    process.stderr.write(`${filter.end()}${ending.words === null ? "" : `${ending.words}\n`}`, () =>
      process.stdout.write(rest, () => process.exit(ending.code)),
    );
  });
}
