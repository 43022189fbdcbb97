/** A short name of a config, for people: lists, titles and file names of exports. */

import { basename, dirname } from "node:path";

/** Name of the file, or of its folder if the file's name says nothing: `adding-problem`, `my.gradlens.json`. */
export function configName(configPath: string): string {
  const name = basename(configPath);
  return name === "gradlens.json" ? basename(dirname(configPath)) || name : name;
}
