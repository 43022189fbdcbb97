/** An LSTM of 512 units beside PyTorch's, and beside the products alone that its step consists of. */

import { kernelSource } from "../../src/engine/instrument/kernelSource.ts";
import { netStep } from "./ours.ts";
import { race } from "./race.ts";
import { torch } from "./torch.ts";

const shape = { kind: "lstm" as const, T: 100, H: 512, B: 32, D: 8 };

/** Floating-point operations of a step's products: forward, state gradients, weight gradients, 2 each per weight and sample. */
const operations = 3 * 2 * shape.T * shape.B * 4 * shape.H * (shape.H + shape.D + 1);

/** Size of the square product by which the machine's peak is measured. */
const square = 768;

/** Billions of operations a second of one large product of the kernels, the best of several. */
function peak(multiply: () => void): number {
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    const start = performance.now();
    multiply();
    times.push(performance.now() - start);
  }
  return (2 * square ** 3) / Math.min(...times) / 1e6;
}

/** @param budget milliseconds for each contender. */
export async function largeTable(root: string, budget: number): Promise<void> {
  const source = await kernelSource();
  if ("reason" in source) throw new Error(source.reason);
  const python = await torch(root);
  const { kind, T, H, B, D } = shape;
  const layers = [[kind, { units: H, recurrentActivation: "sigmoid" }] as const, ["dense", { units: 1 }] as const];
  const net = { layers, inputShape: [T, D], batch: B };
  const theirs = python ? [await python.contenders[0]!.prepare(shape)] : [];
  const steps = [await netStep(net, "wasm", true), await netStep(net, "wasm", false), ...theirs];
  const [ours = Number.NaN, bare = Number.NaN, reference] = await race(steps, { budget, atLeast: 3, atMost: 30 });
  const values = new Float32Array(square * square).fill(0.5);
  const operand = { values, row: square, column: 1, item: 0 };
  const gflops = peak(() =>
    source.kernels.products.multiply({
      items: 1,
      rows: square,
      columns: square,
      inner: square,
      left: operand,
      right: operand,
    }),
  );
  const reached = operations / bare / 1e6;
  console.log(`\nLSTM ${T}×${H}, B = ${B}, ${source.kernels.threads} threads:`);
  console.log(
    `ours ${ours.toFixed(0)} ms, undiagnosed ${bare.toFixed(0)} ms; ` +
      (reference === undefined
        ? "PyTorch not measured (set PYTHON)"
        : `${python?.label}: ${reference.toFixed(0)} ms (ours × ${(ours / reference).toFixed(2)})`),
  );
  console.log(
    `Products ${reached.toFixed(1)} of ${gflops.toFixed(1)} GFLOP/s that one product of ${square} × ${square} reaches here: ${((100 * reached) / gflops).toFixed(0)} %`,
  );
  python?.close();
}
