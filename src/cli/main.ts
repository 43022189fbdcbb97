/** The `gradlens` program: the engine without an editor. */

import { speak } from "../messages/language.ts";
import { languageFor } from "./language.ts";
import { supervise } from "./process/supervise.ts";
import { supervision } from "./process/supervised.ts";

const args = process.argv.slice(2);
const supervised = supervision();
if (supervised) {
  // The supervising process needs nothing of this, and reading it takes a tenth of a second.
  void import("./work.ts").then(({ work }) => work(args, supervised.stderrColumns));
} else {
  speak(languageFor(args, process.env));
  supervise(require.main?.filename ?? __filename, args);
}
