/** Places in the text of a config, for programs. */

import type { Problem } from "../config/problem.ts";
import type { JsonPath } from "../config/resolved.ts";
import type { ConfigFile } from "./configFile.ts";

/**
 * A range of a file: lines and columns from 1, columns in UTF-16 units; the end is the position after the last
 * character.
 */
export interface TextPlace {
  /** Name of the file in messages. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The place that messages about `path` start with, and its end. */
export function textPlace(file: ConfigFile, path: JsonPath): TextPlace {
  const { offset, length } = file.parsed.rangeOf(path);
  return stretch(file, offset, length);
}

/** The place of a problem; a syntax error has its own. */
export function problemPlace(file: ConfigFile, problem: Problem): TextPlace {
  const known = file.parsed.rangeOf(problem.path, problem.on);
  return stretch(file, problem.offset ?? known.offset, problem.length ?? known.length);
}

function stretch({ name, parsed }: ConfigFile, offset: number, length: number): TextPlace {
  const start = parsed.source.lines.position(offset);
  const end = parsed.source.lines.position(offset + length);
  return { file: name, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
