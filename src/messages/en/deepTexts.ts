/** What a deep probe's figures mean. */

import { count } from "../numberText.ts";

export const deepTexts = {
  noLoss: "No loss gradient enters this layer: nothing flows back.",
  entersOnce: (last: number) => `The loss enters at timestep ${last} only.`,
  entersOften: ({ timesteps, last }: { timesteps: number; last: number }) =>
    `The loss enters at ${count(timesteps, "timestep")}; what follows is about the last one, ${last}.`,
  reachAndRest: ({ reach, rest }: { reach: string; rest: string }) => `${reach}. ${rest}.`,
  perTimestep: (end: string) => `, ${end} per timestep`,
  nothingArrives: "Nothing of it arrives at timestep 1",
  changedBy: (end: string) => `At timestep 1 it has changed by ${end} decades`,
  survives: (lost: number) => `more than ${lost} % of its gradient survives all the way back`,
  lost: ({ lost, lag }: { lost: number; lag: number }) =>
    `less than ${lost} % of its gradient is left after ${count(lag, "timestep")}`,
  oneTimestep: "A single timestep has no transition to measure.",
  forgetsAll: "Every perturbation is gone after one timestep: the state forgets everything before it.",
  overSequences: ({ low, high, sequences }: { low: string; high: string; sequences: number }) =>
    ` (${low} to ${high} over ${sequences} sequences)`,
  keepsSize: ({ spread, factor }: { spread: string; factor: string }) =>
    `A perturbation keeps its size along the least stable direction${spread}: ${factor} per timestep.`,
  explodes: ({ growing, leading, one }: { growing: number; leading: number; one: boolean }) =>
    ` ${count(growing, "direction")} of the ${leading} leading ${one ? "grows" : "grow"}: gradients over long spans explode.`,
  perturbation: ({
    shrinks,
    factor,
    spread,
    chaos,
  }: {
    shrinks: boolean;
    factor: string;
    spread: string;
    chaos: string;
  }) =>
    `A perturbation ${shrinks ? "shrinks" : "grows"} by ${factor} per timestep along the least stable direction${spread}.${chaos}`,
  matrixTooLarge: "The recurrent matrix is too large to analyse here.",
  canOnlyShrink: ": with slopes of at most 1, as tanh's, a gradient can only shrink",
  stretches: ({
    smallest,
    sigma,
    spectralRadius,
    meaning,
  }: {
    smallest: string;
    sigma: string;
    spectralRadius: string;
    meaning: string;
  }) => `U stretches by between ×${smallest} and ×${sigma}; its spectral radius is ${spectralRadius}${meaning}.`,
  gatesStretch: (each: string) =>
    `The most the recurrent matrix of each gate stretches, and its spectral radius: ${each}.`,
  statesTooWide: "The states are too wide for the singular values of products.",
  /** Survives of a product that is zero. */
  nothing: "nothing",
  decades: (best: string) => `${best} decades`,
  products: ({
    span,
    kept,
    width,
    one,
    lost,
    most,
  }: {
    span: number;
    kept: number;
    width: number;
    one: boolean;
    lost: number;
    most: string;
  }) =>
    `Over ${count(span, "timestep")}, ${kept} of ${count(width, "direction")} ${one ? "keeps" : "keep"} more than ${lost} %; the best keeps ${most}.`,
};
