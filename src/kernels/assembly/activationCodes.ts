/**
 * Codes of the activations in a parameter block.
 *
 * The host reads this file too, so it holds only what means the same in TypeScript and in AssemblyScript.
 */

export const LINEAR: i32 = 0;
export const TANH: i32 = 1;
export const SIGMOID: i32 = 2;
export const RELU: i32 = 3;
export const HARD_SIGMOID: i32 = 4;
export const RELU6: i32 = 5;
export const ELU: i32 = 6;
export const SELU: i32 = 7;
export const SOFTSIGN: i32 = 8;
export const SOFTPLUS: i32 = 9;
export const EXPONENTIAL: i32 = 10;
export const HARD_SIGMOID_6: i32 = 11;
export const LEAKY_RELU: i32 = 12;
// From here on the derivative does not follow from the output.
export const GELU: i32 = 13;
export const GELU_NEW: i32 = 14;
export const SWISH: i32 = 15;
export const MISH: i32 = 16;
export const HARD_SWISH: i32 = 17;
