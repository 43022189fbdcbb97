/** Which sides of the data are scaled, and how. */

/** Both, none, or one of them. */
export type ScaledSides = boolean | "inputs" | "targets";

export type Side = "inputs" | "targets";

/** `standardize`: mean 0 and standard deviation 1. `minMax`: from 0 to 1. */
export type Scaling = "standardize" | "minMax";

export interface Scaled {
  readonly standardize: ScaledSides;
  /** Never includes a side that is standardized. */
  readonly minMax: ScaledSides;
}

export function includes(sides: ScaledSides, side: Side): boolean {
  return sides === true || sides === side;
}

/** The sides in the config's notation; false for none. */
export function sidesOf(inputs: boolean, targets: boolean): ScaledSides {
  return inputs && targets ? true : inputs ? "inputs" : targets && "targets";
}

/** The scaling of an array: its own, else that of its side; null: none. */
export function scalingOfArray(
  { scaling }: { readonly scaling?: Scaling | "none" | undefined },
  data: Scaled,
  side: Side,
): Scaling | null {
  return scaling === undefined ? scalingOf(data, side) : scaling === "none" ? null : scaling;
}

/** The scaling of a side; null: none. */
export function scalingOf({ standardize, minMax }: Scaled, side: Side): Scaling | null {
  if (includes(standardize, side)) return "standardize";
  return includes(minMax, side) ? "minMax" : null;
}
