import path from "node:path";
import { root } from "../root.ts";

export const examples = path.join(root, "examples");

/** The example that is open when VS Code starts: the project's central failure. */
export const firstExample = configOf("vanishing-sigmoid");

export function configOf(example: string): string {
  return path.join(examples, example, "gradlens.json");
}

/** A few representative examples for quick checks: through time and depth, vanishing and exploding, real data. */
export const fewExamples = ["vanishing-sigmoid", "exploding-gaussian", "temporal-order", "depth", "weather"] as const;
