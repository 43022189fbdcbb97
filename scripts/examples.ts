import fs from "node:fs";
import path from "node:path";
import { root } from "../test/vscode/root.ts";

export const examples = path.join(root, "examples");

/** The example that is open when VS Code starts: the failure the project is about. */
export const firstExample = path.join(examples, "vanishing-sigmoid", "gradlens.json");

/** Every example's config, in the order of their folders' names. */
export function exampleConfigs(): string[] {
  return fs
    .readdirSync(examples)
    .sort()
    .map((folder) => path.join(examples, folder, "gradlens.json"))
    .filter((file) => fs.existsSync(file));
}
