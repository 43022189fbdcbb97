/** Figures of a state that a file lacks, computed from its profiles: other programs write the profiles alone. */

import { reduceState } from "../diagnosis/throughTime.ts";
import type { Profile } from "../protocol/frame.ts";
import { stateQuantities } from "../protocol/quantities.ts";
import { type Column, columnIndex, type RunInfo, type StateName } from "../protocol/run.ts";

/** The info with a column for each figure that it lacks of each state. */
export function withStateColumns(info: RunInfo): RunInfo {
  const missing = info.layers.flatMap(({ recurrent }, layer) =>
    (recurrent?.states ?? []).flatMap((name) =>
      stateQuantities
        .filter((quantity) => columnIndex(info.columns, quantity, layer, name) < 0)
        .map((quantity): Column => ({ quantity, layer, name })),
    ),
  );
  return missing.length === 0 ? info : { ...info, columns: [...info.columns, ...missing] };
}

/** Where the computed figures of each state stand. */
export class StateFigures {
  readonly #epsilon: number;
  readonly #columns: readonly { readonly layer: number; readonly state: StateName; readonly at: readonly number[] }[];

  /** @param declared number of columns that the file itself has; the others are computed. */
  constructor(info: RunInfo, declared: number) {
    this.#epsilon = info.diagnosis.rules["vanishing-through-time"].epsilon;
    this.#columns = info.layers.flatMap(({ recurrent }, layer) =>
      (recurrent?.states ?? []).map((state) => ({
        layer,
        state,
        at: stateQuantities.map((quantity) => {
          const column = columnIndex(info.columns, quantity, layer, state);
          return column >= declared ? column : -1;
        }),
      })),
    );
  }

  /** The figures that follow from one step's profiles. */
  of(profiles: readonly Profile[]): readonly { readonly column: number; readonly value: number }[] {
    return this.#columns.flatMap(({ layer, state, at }) => {
      if (at.every((column) => column < 0)) return [];
      const find = (what: string) =>
        profiles.find((p) => p.layer === layer && p.channel === `${state}.${what}`)?.values;
      const logNorm = find("logNorm");
      const gain = find("gain");
      if (!logNorm || gain?.length !== logNorm.length) return [];
      const reduced = reduceState(logNorm, gain, this.#epsilon);
      const nonFinite = find("nonFinite")?.reduce((sum, n) => sum + n, 0) ?? Number.NaN;
      const values = { ...reduced, stateNonFinite: nonFinite };
      return stateQuantities.flatMap((quantity, i) => {
        const column = at[i] ?? -1;
        return column < 0 ? [] : [{ column, value: values[quantity] }];
      });
    });
  }
}
