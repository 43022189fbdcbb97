/** Reads the options of a contributor's program. */

import { type ParseArgsConfig, parseArgs } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * The options of this process. `--help` prints how the program is used and ends the process; so does, with exit code 2,
 * whatever is no option, after saying what is wrong with it.
 *
 * @param usage the command lines of the program, and what each is for
 */
export function readOptions<const T extends Options>(options: T, usage: string): Values<T> {
  if (process.argv.slice(2).includes("--help")) {
    console.log(usage.trim());
    process.exit(0);
  }
  try {
    return parseArgs<{ options: T }>({ options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${usage.trim()}`);
    process.exit(2);
  }
}

type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>["values"];
