/** Finds the smallest lag beyond which nothing matters, with few tests. */

export interface Tested {
  readonly loss: number;
  /** Whether the loss is surely higher. */
  readonly harmful: boolean;
}

export interface SearchResult {
  readonly lag: number;
  /** What was tested, ascending. */
  readonly curve: readonly { readonly lag: number; readonly loss: number }[];
}

/**
 * Tests the lags 0, 1, 3, 7, … (all of them: a loss may need old inputs and none of the middle), then halves the distance
 * between the largest harmful one and the next.
 *
 * @param timesteps at lag T − 1 there is nothing older: harmless.
 */
export async function smallestHarmless(
  timesteps: number,
  test: (lag: number) => Promise<Tested>,
): Promise<SearchResult> {
  const curve: { lag: number; loss: number }[] = [];
  const harmful = async (lag: number): Promise<boolean> => {
    const { loss, harmful: is } = await test(lag);
    curve.push({ lag, loss });
    return is;
  };
  let low = -1;
  let high = timesteps - 1;
  for (let lag = 0; lag < timesteps - 1; lag = 2 * lag + 1) {
    if (await harmful(lag)) {
      low = lag;
      high = timesteps - 1;
    } else if (high === timesteps - 1) high = lag;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await harmful(middle)) low = middle;
    else high = middle;
  }
  return { lag: high, curve: curve.sort((a, b) => a.lag - b.lag) };
}
