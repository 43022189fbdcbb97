/** Weights a model may have: 20 million, 80 MB, and as much again for gradients and each of an optimizer's moments. */
export const maxParameters = 20_000_000;
