/**
 * The engine process: forked by the extension host, which talks to it over its IPC channel (`serialization:
 * "advanced"`).
 */

import { languageOf, speak } from "../messages/language.ts";
import { captureConsole } from "./process/captureConsole.ts";
import { EngineProcess } from "./process/engineProcess.ts";
import { engineSettings } from "./process/environment.ts";
import { parentLink } from "./process/parentLink.ts";
import { startWatchThread } from "./process/watchThread.ts";

function main(): void {
  if (!process.send) {
    process.stderr.write("The engine is started by Gradient Lens, over an IPC channel. On a terminal use gradlens.\n");
    process.exit(2);
  }
  speak(languageOf(process.env["GRADLENS_LANG"]));
  const settings = engineSettings(process.env);
  const { send, pacing } = parentLink();
  captureConsole((level, message) => send({ type: "log", level, message }));
  const watch = startWatchThread();
  const engine = new EngineProcess({
    send,
    exit: () => process.exit(0),
    mayOutlive: (milliseconds) => watch.mayOutlive(milliseconds),
    settings: settings ?? { backend: "auto", workspace: null },
    loadTraining: () => import("./process/tfjsPart.ts"),
    pacing,
  });
  const failed = (error: unknown) => {
    engine.fail(error);
    // Sent last: once this message is out, all earlier ones are, too.
    send({ type: "log", level: "error", message: "The engine ends." }, () => process.exit(1));
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
