/** The cost of masks, dropout and activations relative to a plain layer. */

import { beside, costs } from "./cost.ts";
import { type LayerArguments, type Net, netStep } from "./ours.ts";

const batch = 32;
const inputs = 8;

/** Sequences in which the second half of every second sample is masked. */
function halfMasked(timesteps: number): Float32Array {
  const values = new Float32Array(batch * timesteps * inputs);
  for (let b = 0; b < batch; b++) {
    const real = b % 2 ? timesteps / 2 : timesteps;
    for (let i = 0; i < real * inputs; i++) values[b * timesteps * inputs + i] = Math.random() + 0.1;
  }
  return values;
}

function recurrent(kind: string, units: number, more: LayerArguments[number][1]): LayerArguments {
  const gates = kind === "simpleRNN" ? {} : { recurrentActivation: "sigmoid" };
  return [
    [kind, { units, ...gates, ...more }],
    ["dense", { units: 1 }],
  ];
}

function bidirectional(kind: string, units: number): LayerArguments {
  const [layer, dense] = recurrent(kind, units, {});
  return [["bidirectional", { layer: { type: layer![0], ...layer![1] } }], dense!];
}

function variants(kind: string, timesteps: number, units: number) {
  const net = (layers: LayerArguments, values?: Float32Array): Net => ({
    layers,
    inputShape: [timesteps, inputs],
    batch,
    ...(values && { inputs: values }),
  });
  const activations = ["sigmoid", "relu", "softsign", "elu", "gelu", "swish", "mish"].map(
    (activation) => [activation, net(recurrent(kind, units, { activation, recurrentInitializer: "zeros" }))] as const,
  );
  return {
    plain: net(recurrent(kind, units, {})),
    masked: net([["masking", { maskValue: 0 }], ...recurrent(kind, units, {})], halfMasked(timesteps)),
    dropout: net(recurrent(kind, units, { dropout: 0.2 })),
    recurrentDropout: net(recurrent(kind, units, { recurrentDropout: 0.2 })),
    // Two layers' work: at most 2.
    bidirectional: net(bidirectional(kind, units)),
    ...Object.fromEntries(activations),
  };
}

/** @param rounds number of steps of each variant, which take turns with steps of the plain layer. */
export async function variantTables(
  kinds: readonly string[],
  sizes: readonly (readonly [number, number])[],
  rounds: number,
): Promise<void> {
  console.log("\nOne diagnosed training step, B = 32: median (× the plain layer; × its processor time).");
  for (const kind of kinds) {
    for (const [T, H] of sizes) {
      const { plain, ...others } = variants(kind, T, H);
      const reference = await netStep(plain, "wasm", true);
      const cells: string[] = [];
      for (const [name, net] of Object.entries(others)) {
        const [bare, found] = await costs([reference, await netStep(net, "wasm", true)], rounds);
        cells.push(`${name} ${beside(found!, bare!)}`);
      }
      console.log(`${kind} ${T}×${H}: ${cells.join(" · ")}`);
    }
  }
}
