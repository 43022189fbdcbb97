/** Ticks of axes over timesteps. */

/** Whole-number ticks from 1 to T at round distances; both ends are always included. */
export function timestepTicks(timesteps: number, pixels: number, pixelsPerTick: number): number[] {
  const rough = timesteps / Math.max(2, pixels / pixelsPerTick);
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const ticks = [1];
  for (let t = step; t < timesteps; t += step) if (t - 1 >= step / 2 && timesteps - t >= step / 2) ticks.push(t);
  if (timesteps > 1) ticks.push(timesteps);
  return ticks;
}
