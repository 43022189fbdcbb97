import path from "node:path";
import { root } from "../test/vscode/root.ts";

export const examples = path.join(root, "examples");

/** The example that is open when VS Code starts: the failure the project is about. */
export const firstExample = configOf("vanishing-sigmoid");

export function configOf(example: string): string {
  return path.join(examples, example, "gradlens.json");
}
