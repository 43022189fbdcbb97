/** Layer entries as the config's resolver makes them, for tests. */

import type { JsonValue, LayerEntry } from "../../../src/config/resolved.ts";

export interface LayerLine {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly string[];
  readonly initialState?: readonly string[];
  readonly [argument: string]: JsonValue | undefined;
}

/** Each takes the output of the previous one, unless it says otherwise. */
export function entries(...lines: readonly LayerLine[]): LayerEntry[] {
  const nameOf = (i: number) => lines[i]!.name ?? `${lines[i]!.type}_${i}`;
  return lines.map(({ type, name: _, inputs, initialState, ...rest }, i) => {
    const args: Record<string, JsonValue> = {};
    for (const [key, value] of Object.entries(rest)) if (value !== undefined) args[key] = value;
    return {
      type,
      name: nameOf(i),
      inputs: inputs ?? [i === 0 ? "input" : nameOf(i - 1)],
      ...(initialState && { initialState }),
      args,
      path: ["models", "m", "layers", i],
    };
  });
}
