/** The outside world as the command line sees it; tests and pipes supply their own. */

import fs from "node:fs";
import { cliWords } from "../messages/cli.ts";
import { exitCodes } from "./exitCodes.ts";
import { tellSupervisor } from "./process/supervised.ts";

export interface Output {
  /** Resolves once the text is passed on and more may follow. */
  write(text: string): Promise<void>;
  readonly tty: boolean;
  /** Whether escape sequences for colour may be used. */
  readonly colour: boolean;
  /** Characters per line. */
  readonly columns: number;
}

export interface Io {
  readonly out: Output;
  readonly err: Output;
  readonly cwd: string;
  /** Keeps a report to print if this process has to be ended before it prints its own. */
  keep(report: string): void;
}

const narrowest = 40;
const widest = 120;
const usual = 80;

/** True unless NO_COLOR is set: any non-empty value switches colour off (https://no-color.org). */
function wantsColour(tty: boolean): boolean {
  return tty && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

function outputTo(stream: NodeJS.WriteStream, terminalColumns: number | undefined): Output {
  const tty = terminalColumns !== undefined;
  const columns = terminalColumns ?? Number(process.env["COLUMNS"]);
  return {
    write: (text) =>
      new Promise((resolve) => {
        // A closed reader (`| head`) is no reason to fail.
        stream.write(text, () => resolve());
      }),
    tty,
    colour: wantsColour(tty),
    columns: Math.min(widest, Math.max(narrowest, Number.isFinite(columns) && columns > 0 ? columns : usual)),
  };
}

/** @param stderrColumns width of the terminal that stderr leads to through another process; 0 if it leads to none. */
export function processIo(stderrColumns: number): Io {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      // With a full disk, what was written so far is not a complete report, so this is a failure, not a finding.
      fs.writeSync(2, `${cliWords().cannotOutput(error.message)}\n`);
      process.exit(exitCodes.engine);
    });
  const { stdout, stderr } = process;
  const out = outputTo(stdout, stdout.isTTY ? stdout.columns : undefined);
  let printing = false;
  return {
    out: {
      ...out,
      write: (text) => {
        if (!printing) tellSupervisor("printing");
        printing = true;
        return out.write(text);
      },
    },
    err: outputTo(stderr, stderrColumns > 0 ? stderrColumns : undefined),
    cwd: process.cwd(),
    keep: (report) => tellSupervisor({ report }),
  };
}
