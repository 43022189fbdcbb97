/** Redirects the libraries' console output to a log: it means nothing to readers of this process's output. */

import { format } from "node:util";

/** Most messages that are passed on; a library may repeat itself at every step. */
const maxMessages = 200;
const maxLength = 2000;

const levels = { debug: "info", log: "info", info: "info", warn: "warning", error: "error" } as const;

export type LogLevel = (typeof levels)[keyof typeof levels];

/** From now on, console output goes only to `log`. */
export function captureConsole(log: (level: LogLevel, message: string) => void): void {
  let told = 0;
  for (const [method, level] of Object.entries(levels)) {
    Object.defineProperty(console, method, {
      configurable: true,
      writable: true,
      value: (...words: readonly unknown[]) => {
        if (told++ < maxMessages)
          log(
            level,
            format(...words)
              .trim()
              .slice(0, maxLength),
          );
      },
    });
  }
}
