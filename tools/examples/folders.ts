import path from "node:path";
import { root } from "../root.ts";

export const examples = path.join(root, "examples");

/** The example that is open when VS Code starts: the failure the project is about. */
export const firstExample = configOf("vanishing-sigmoid");

export function configOf(example: string): string {
  return path.join(examples, example, "gradlens.json");
}

/** The few that stand for all where it has to be quick: through time and depth, vanishing and exploding, real data. */
export const fewExamples = ["vanishing-sigmoid", "exploding-gaussian", "temporal-order", "depth", "weather"] as const;
