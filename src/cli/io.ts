/** The outside world as the command line sees it; tests and pipes have another one. */

import fs from "node:fs";
import { exitCodes } from "./exitCodes.ts";
import { tellSupervisor } from "./process/supervised.ts";

export interface Output {
  /** Resolves once the text is on its way and more may follow. */
  write(text: string): Promise<void>;
  readonly tty: boolean;
  /** Whether escape sequences for colour are welcome. */
  readonly colour: boolean;
  /** Characters in a line. */
  readonly columns: number;
}

export interface Io {
  readonly out: Output;
  readonly err: Output;
  readonly cwd: string;
  /** Takes what is printed in place of a report if this process has to be ended before it prints one. */
  keep(report: string): void;
}

const narrowest = 40;
const widest = 120;
const usual = 80;

/** https://no-color.org: any non-empty NO_COLOR switches colour off. */
function wantsColour(tty: boolean): boolean {
  return tty && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

function outputTo(stream: NodeJS.WriteStream, terminalColumns: number | undefined): Output {
  const tty = terminalColumns !== undefined;
  const columns = terminalColumns ?? Number(process.env["COLUMNS"]);
  return {
    write: (text) =>
      new Promise((resolve) => {
        // A reader that went away (`| head`) is no reason to fail.
        stream.write(text, () => resolve());
      }),
    tty,
    colour: wantsColour(tty),
    columns: Math.min(widest, Math.max(narrowest, Number.isFinite(columns) && columns > 0 ? columns : usual)),
  };
}

/** @param stderrColumns of the terminal that stderr leads to, by way of another process; 0: it leads to none. */
export function processIo(stderrColumns: number): Io {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      // A full disk is no finding, and what was written so far is no report.
      fs.writeSync(2, `gradlens: cannot write its output: ${error.message}\n`);
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
