/** Finds, with few tests, the smallest lag beyond which nothing matters. */

export interface Tested {
  readonly loss: number;
  /** Whether the loss is significantly higher. */
  readonly harmful: boolean;
}

export interface SearchResult {
  readonly lag: number;
  /** The tested lags, ascending. */
  readonly curve: readonly { readonly lag: number; readonly loss: number }[];
}

/**
 * Tests the lags 0, 1, 3, 7, … (all of them: a loss may depend on old inputs but not on those between), then repeatedly
 * halves the distance between the largest harmful one and the next.
 *
 * @param timesteps nothing is older than lag T − 1, so that lag is harmless.
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
