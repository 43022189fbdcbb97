/** The cost of the diagnosis: steps with and without it, taken in turn. */

import { beside, costs } from "./cost.ts";
import { netStep } from "./ours.ts";

/** Number of steps of each; enough that the median is steady to a hundredth. */
const rounds = 400;

export async function diagnosisTable(
  kinds: readonly string[],
  sizes: readonly (readonly [number, number])[],
): Promise<void> {
  console.log(`\nA step with full diagnosis, B = 32, median of ${rounds} (× one without; × its processor time).`);
  for (const kind of kinds) {
    for (const [T, H] of sizes) {
      const gates = kind === "simpleRNN" ? {} : { recurrentActivation: "sigmoid" };
      const net = {
        layers: [[kind, { units: H, ...gates }] as const, ["dense", { units: 1 }] as const],
        inputShape: [T, 8],
        batch: 32,
      };
      const steps = [await netStep(net, "wasm", false), await netStep(net, "wasm", true)];
      const [bare, diagnosed] = await costs(steps, rounds);
      console.log(`${kind} ${T}×${H}: ${beside(diagnosed!, bare!)}`);
    }
  }
}
