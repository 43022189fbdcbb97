/** The models of the examples. */

import fs from "node:fs";
import path from "node:path";
import { parseConfig } from "../../src/config/parse.ts";
import type { ResolvedModel } from "../../src/config/resolved.ts";

export interface Example {
  readonly name: string;
  readonly configPath: string;
  readonly text: string;
  readonly model: ResolvedModel;
}

/** @param only parts of the names of the examples to use. */
export function examplesIn(root: string, only: readonly string[]): Example[] {
  const folder = path.join(root, "examples");
  return fs.readdirSync(folder).flatMap((name) => {
    const configPath = path.join(folder, name, "gradlens.json");
    if (!fs.existsSync(configPath) || !only.some((part) => name.includes(part))) return [];
    const text = fs.readFileSync(configPath, "utf8");
    return (parseConfig(text).config?.models ?? []).map((model) => ({ name, configPath, text, model }));
  });
}
