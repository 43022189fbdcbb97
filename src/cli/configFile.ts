/** The config that a command works on, and the places in it as users can jump to. */

import fs from "node:fs";
import path from "node:path";
import type { Fix } from "../config/fix.ts";
import { maxLength, maxModels } from "../config/limits.ts";
import { type ParsedConfig, parseConfig } from "../config/parse.ts";
import type { Problem } from "../config/problem.ts";
import type { JsonPath, ResolvedModel } from "../config/resolved.ts";
import { shorten, shortMessage } from "../config/shorten.ts";
import { nodeAt, properties } from "../config/source.ts";
import { visible } from "../config/visible.ts";
import { readStreamUpTo } from "../engine/reading/boundedFile.ts";
import { cliWords } from "../messages/cli.ts";
import { listWords } from "../messages/lists.ts";

export const defaultName = "gradlens.json";

/** UTF-8 takes up to four bytes for a character. */
const maxBytes = 4 * maxLength;

export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  /** Name in messages: relative to the working directory if that is shorter. */
  readonly name: string;
  readonly text: string;
  readonly parsed: ParsedConfig;
}

export type Read = { readonly file: ConfigFile } | { readonly message: string };

/**
 * Reads the config named by `argument`: a file, a folder with a `gradlens.json`, or undefined for that of the working
 * directory.
 *
 * @param pipes whether the named file may be a pipe, for which we wait; one that is only found in a folder never may.
 */
export function readConfigFile(argument: string | undefined, cwd: string, { pipes = true } = {}): Read {
  let file = path.resolve(cwd, argument ?? defaultName);
  try {
    const isFolder = fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
    if (isFolder) file = path.join(file, defaultName);
    if ((isFolder || argument === undefined || !pipes) && isSpecial(file)) throw new SpecialFile();
    const bytes = readStreamUpTo(file, maxBytes);
    if (bytes === null) return { message: cliWords().tooLarge({ file: nameOf(file, cwd), megabytes: maxBytes / 1e6 }) };
    const text = decode(bytes);
    if (text === null) return { message: cliWords().notUtf8(nameOf(file, cwd)) };
    return { file: { path: file, name: nameOf(file, cwd), text, parsed: parseConfig(text) } };
  } catch (error) {
    const hint = argument === undefined ? cliWords().givePath : "";
    const name = shortMessage(visible(nameOf(file, cwd)));
    return { message: `${cliWords().cannotBeRead({ file: name, reason: reasonOf(error) })}${hint}` };
  }
}

class SpecialFile extends Error {}

/** Whether it is a pipe, a socket or a device. */
function isSpecial(file: string): boolean {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

/** Text without a byte order mark; null if it is not UTF-8. */
function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A place as `gradlens.json:3:15`, line and column counted from 1. */
export function placeText(file: ConfigFile, place: JsonPath, on: "value" | "key" = "value"): string {
  return `${file.name}:${positionText(file, file.parsed.rangeOf(place, on).offset)}`;
}

/** A problem as `file:line:column: message`, like compilers write it. */
export function problemText(file: ConfigFile, problem: Problem): string {
  const offset = problem.offset ?? file.parsed.rangeOf(problem.path, problem.on).offset;
  const kind = cliWords().severity[problem.severity];
  const text = `${kind}${visible(shortMessage(problem.message))}`;
  return cliWords().atPlace({ file: file.name, position: positionText(file, offset), text });
}

/** The problem and, on a line each below it, the edits that fix it. */
export function problemLines(file: ConfigFile, problem: Problem): string {
  return [problemText(file, problem), ...(problem.fixes ?? []).map(fixLine)].join("\n");
}

export function fixLine({ title }: Fix): string {
  return `  › ${visible(shortMessage(title))}`;
}

export type Selection =
  | {
      readonly models: readonly ResolvedModel[];
      /** Errors of other requested models: each is reported at its place, and the sound models run. */
      readonly faults: readonly Problem[];
      readonly warnings: readonly Problem[];
    }
  | { readonly problems: readonly Problem[] }
  | { readonly message: string };

/**
 * The sound models among the requested ones (all if none is requested). An error in one model does not stop the others;
 * an error outside of the models stops all.
 */
export function selectModels(file: ConfigFile, names: readonly string[]): Selection {
  const { config, problems } = file.parsed;
  const known = modelNames(file.parsed);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined && config !== null)
    return {
      message: cliWords().noModel({
        file: file.name,
        name: shorten(unknown),
        known: listWords().some({ names: known.map((name) => shorten(name)), word: "and", all: false }),
        n: known.length,
      }),
    };
  const concerns = (p: Problem) => names.length === 0 || isOutside(p) || names.includes(String(p.path[1]));
  const models = (config?.models ?? []).filter((m) => names.length === 0 || names.includes(m.name));
  const errors = problems.filter((p) => p.severity === "error");
  const faults = errors.filter(concerns);
  // The error of a model may be in another one, which it extends.
  if (models.length === 0) return { problems: errors };
  if (faults.some(isOutside)) return { problems: faults };
  return {
    models,
    faults: faults.length === 0 && models.length < names.length ? errors : faults,
    warnings: problems.filter((p) => p.severity === "warning" && concerns(p)),
  };
}

/**
 * Whether a problem lies outside of the models. The entry that counts the omitted problems has no place: problems
 * outside of models come first.
 */
function isOutside({ path: [section, model] }: Problem): boolean {
  return section !== undefined && (section !== "models" || model === undefined);
}

/** Names of all models that were read, sound or not, in the order of the text. */
function modelNames({ source }: ParsedConfig): readonly string[] {
  const names = properties(nodeAt(source.root, ["models"])).map(({ key }) => key);
  return [...new Set(names)].slice(0, maxModels);
}

function positionText({ parsed }: ConfigFile, offset: number): string {
  const { line, column } = parsed.source.lines.position(offset);
  return `${line}:${column}`;
}

function nameOf(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return relative !== "" && relative.length < file.length ? relative : file;
}

function reasonOf(error: unknown): string {
  if (error instanceof SpecialFile) return cliWords().isSpecial;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return cliWords().noSuchFile;
  if (code === "EACCES" || code === "EPERM") return cliWords().noPermission;
  if (code === "EISDIR") return cliWords().isFolder;
  // A path that no file can have: too long, or with a null character.
  if (code === "ENAMETOOLONG" || code === "ERR_INVALID_ARG_VALUE") return cliWords().noSuchFile;
  return shortMessage(error instanceof Error ? error.message : String(error));
}
