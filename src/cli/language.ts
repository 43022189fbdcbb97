/** The language of the command line: `--lang`, else that of the environment. */

import { languageOf, type Spoken } from "../messages/language.ts";

/** The variables that say it, the first of them that is set (POSIX.1-2017, 8.2, after our own). */
const variables = ["GRADLENS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] as const;

/**
 * Read before the arguments are parsed, because the first mistake in them is already explained in it. Programs that read
 * JSON or SARIF get English unless they ask for another language.
 *
 * @param args without node and script
 */
export function languageFor(args: readonly string[], env: NodeJS.ProcessEnv): Spoken {
  const at = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  if (at >= 0) return languageOf(args[at]?.includes("=") ? args[at].slice("--lang=".length) : args[at + 1]);
  if (args.includes("--json") || args.includes("--sarif") || args[0] === "mcp") return "en";
  return languageOf(variables.map((name) => env[name]).find((tag) => tag !== undefined && tag !== ""));
}
