/** The cost of steps that are taken in turn: elapsed time, and processor time, which other processes hardly affect. */

import { median } from "./race.ts";

export interface Cost {
  /** Median milliseconds. */
  readonly wall: number;
  readonly cpu: number;
}

/**
 * Uncounted rounds before: the fewest and, of steps that are short, more, because the kernels choose their threads a second
 * time after some fifty steps.
 */
const warmUp = { fewest: 12, most: 70, milliseconds: 3000 };

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Takes `rounds` steps of each in turn, there and back, after uncounted ones. */
export async function costs(steps: readonly (() => number)[], rounds: number): Promise<readonly Cost[]> {
  const walls = steps.map((): number[] => []);
  const cpus = steps.map((): number[] => []);
  const take = async (round: number, counted: boolean): Promise<void> => {
    const order = [...steps.entries()];
    for (const [i, step] of round % 2 === 0 ? order : order.reverse()) {
      const before = processorTime();
      const wall = step();
      if (counted) {
        walls[i]!.push(wall);
        cpus[i]!.push(processorTime() - before);
      }
      // Lets the threads of this step fall asleep before the next one begins.
      await new Promise(setImmediate);
    }
  };
  const begun = performance.now();
  for (let round = 0; round < warmUp.most; round++) {
    if (round >= warmUp.fewest && performance.now() - begun > warmUp.milliseconds) break;
    await take(round, false);
  }
  for (let round = 0; round < rounds; round++) await take(round, true);
  return steps.map((_, i) => ({ wall: median(walls[i]!), cpu: median(cpus[i]!) }));
}

/** `3.2 ms (1.04; processors 1.02)`: a step's time, and both times as multiples of another's. */
export function beside({ wall, cpu }: Cost, reference: Cost): string {
  return `${wall.toPrecision(3)} ms (${(wall / reference.wall).toFixed(2)}; processors ${(cpu / reference.cpu).toFixed(2)})`;
}

/** The step's milliseconds on all processors together: unlike the time that passes, no other process adds to them. */
export function inProcessorTime(step: () => number): () => number {
  return () => {
    const before = processorTime();
    step();
    return processorTime() - before;
  };
}
