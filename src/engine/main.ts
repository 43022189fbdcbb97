/**
 * The engine process: forked by the extension host, which talks to it over its IPC channel (`serialization:
 * "advanced"`).
 */

import { languageOf, speak } from "../messages/language.ts";
import type { FromEngine } from "../protocol/engineMessages.ts";
import { captureConsole } from "./process/captureConsole.ts";
import { EngineProcess } from "./process/engineProcess.ts";
import { engineSettings } from "./process/environment.ts";
import { startWatchThread } from "./process/watchThread.ts";

/** Number of messages that the host may leave unread before further frames wait. */
const maxUnread = 4;

function main(): void {
  if (!process.send) {
    process.stderr.write("The engine is started by Gradient Lens, over an IPC channel. On a terminal use gradlens.\n");
    process.exit(2);
  }
  speak(languageOf(process.env["GRADLENS_LANG"]));
  const settings = engineSettings(process.env);
  let unread = 0;
  const send = (message: FromEngine) => {
    unread++;
    process.send?.(message, undefined, undefined, () => unread--);
  };
  captureConsole((level, message) => send({ type: "log", level, message }));
  const watch = startWatchThread();
  const engine = new EngineProcess({
    send,
    exit: () => process.exit(0),
    mayOutlive: (milliseconds) => watch.mayOutlive(milliseconds),
    settings: settings ?? { backend: "auto", workspace: null },
    loadTraining: () => import("./process/tfjsPart.ts"),
    pacing: {
      canSend: () => unread < maxUnread,
      now: () => performance.now(),
      later: (callback, milliseconds) => {
        const timer = setTimeout(callback, milliseconds);
        return () => clearTimeout(timer);
      },
    },
  });
  const failed = (error: unknown) => {
    engine.fail(error);
    // Sent last: once this message is out, all earlier ones are, too.
    process.send?.(
      { type: "log", level: "error", message: "The engine ends." } satisfies FromEngine,
      undefined,
      undefined,
      () => process.exit(1),
    );
  };
  process.on("uncaughtException", failed);
  process.on("unhandledRejection", failed);
  process.on("disconnect", () => void engine.abandoned().finally(() => process.exit(0)));
  process.on("message", (message) => engine.receive(message));
  engine.start();
  if (!settings) {
    send({
      type: "log",
      level: "warning",
      message: `GRADLENS_BACKEND is "${process.env["GRADLENS_BACKEND"]}", which is not a backend; using the best one available.`,
    });
  }
}

main();
