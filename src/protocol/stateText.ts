/** Writes the states of recurrent layers for people. */

import { needWords } from "../messages/need.ts";
import type { StateName } from "./run.ts";

/** A matrix has a capital letter. */
const symbols: { readonly [state in StateName]: string } = { h: "h", c: "c", m: "M" };

/** `h`, `c`, `M`. */
export function stateSymbol(state: StateName): string {
  return symbols[state];
}

/** `∂L/∂h`, `∂L/∂M (memory)`: the letter alone means little without the paper. */
export function stateGradientText(state: StateName): string {
  return `∂L/∂${stateSymbol(state)}${state === "m" ? needWords().memory : ""}`;
}
