/** The cost of masks, dropout and activations relative to a plain layer. */

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

function variants(kind: string, timesteps: number, units: number): ReadonlyMap<string, Net> {
  const net = (layers: LayerArguments, values?: Float32Array): Net => ({
    layers,
    inputShape: [timesteps, inputs],
    batch,
    ...(values && { inputs: values }),
  });
  return new Map([
    ["plain", net(recurrent(kind, units, {}))],
    ["masked", net([["masking", { maskValue: 0 }], ...recurrent(kind, units, {})], halfMasked(timesteps))],
    ["dropout", net(recurrent(kind, units, { dropout: 0.2 }))],
    ["recurrentDropout", net(recurrent(kind, units, { recurrentDropout: 0.2 }))],
    ...["sigmoid", "relu", "softsign", "elu"].map(
      (activation) => [activation, net(recurrent(kind, units, { activation, recurrentInitializer: "zeros" }))] as const,
    ),
  ]);
}

/** Milliseconds per step of each, with the steps taken in turn. */
async function medians(steps: ReadonlyMap<string, () => number>, rounds: number): Promise<ReadonlyMap<string, number>> {
  const times = new Map([...steps.keys()].map((name) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round++) {
    for (const [name, step] of steps) {
      const time = step();
      if (round >= 0) times.get(name)?.push(time);
      await new Promise(setImmediate);
    }
  }
  return new Map([...times].map(([name, all]) => [name, all.sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN]));
}

async function prepared(of: ReadonlyMap<string, Net>): Promise<ReadonlyMap<string, () => number>> {
  const steps = new Map<string, () => number>();
  for (const [name, net] of of) steps.set(name, await netStep(net, "wasm", true));
  return steps;
}

export async function variantTables(
  kinds: readonly string[],
  sizes: readonly (readonly [number, number])[],
  rounds: number,
): Promise<void> {
  console.log("One diagnosed training step, B = 32: median milliseconds (× the plain layer).");
  for (const kind of kinds) {
    for (const [T, H] of sizes) {
      const found = await medians(await prepared(variants(kind, T, H)), rounds);
      const plain = found.get("plain") ?? Number.NaN;
      const cells = [...found].map(([name, ms]) => `${name} ${ms.toFixed(2)} (${(ms / plain).toFixed(2)})`);
      console.log(`${kind} ${T}×${H}: ${cells.join(" · ")}`);
    }
  }
}
