/**
 * The parameter block of one recurrent layer at one shape, and the codes in it.
 *
 * The host reads this file too, so it holds only what means the same in TypeScript and in AssemblyScript.
 */

/**
 * The parameter block: 32-bit fields, in this order.
 *
 * Rows (see simd.ts) hold 8 samples of one unit, so a timestep's operand needs no repacking: the state that a timestep
 * writes is the packed right-hand side of the next timestep's product.
 *
 *   s   [T+1][panels][K][8]      K = D + 1 + H: x_t, the constant 1 (for the bias), h_{t−1}
 *   z   [T][panels][zRows][8]    gates after their activation; the backward pass overwrites them with a_t = ∂L/∂(pre-activation)
 *   c   [T+1][panels][H][8]      LSTM cell state c_{t−1}
 *   tc  [T][panels][H][8]        activation(c_t)
 *   slopes, tcSlopes  like z and tc: derivatives of activations where they do not follow from the output
 *   rh  [T][panels][H][8]        r ∘ h_{t−1} (GRU with the reset before the product)
 *
 * Gates come in groups of z rows, each padded to whole tiles of 6: simpleRNN [h]; LSTM [i f c o]; GRU [z r][h]; GRU
 * with the reset after the product [z r][h recurrent part][h input part]. Strides of 0 keep only the current timestep
 * (a forward pass without a backward one).
 */
export class Plan {
  kind: i32 = 0;
  T: i32 = 0;
  B: i32 = 0;
  D: i32 = 0;
  H: i32 = 0;
  panels: i32 = 0;
  K: i32 = 0;
  G: i32 = 0;
  zRows: i32 = 0;
  activation: i32 = 0;
  recurrentActivation: i32 = 0;
  reversed: i32 = 0;
  detailed: i32 = 0;
  peephole: i32 = 0;
  useBias: i32 = 0;
  groups: i32 = 0;
  /** The walk back is cut after this many timesteps; 0: never. */
  truncate: i32 = 0;

  // The callers' row-major arrays; 0 if absent.
  x: usize = 0;
  w: usize = 0;
  u: usize = 0;
  bias: usize = 0;
  peepholes: usize = 0;
  h0: usize = 0;
  c0: usize = 0;
  y: usize = 0;
  hT: usize = 0;
  cT: usize = 0;
  dy: usize = 0;
  dhT: usize = 0;
  dcT: usize = 0;
  dx: usize = 0;
  dw: usize = 0;
  du: usize = 0;
  dbias: usize = 0;
  dpeepholes: usize = 0;
  dh0: usize = 0;
  dc0: usize = 0;

  // Packed weights: [zRows / 6][K][6], [tiles(H)][zRows][6], [tiles(D)][zRows][6].
  forwardWeights: usize = 0;
  backwardWeights: usize = 0;
  inputWeights: usize = 0;

  // Histories and their bytes per timestep.
  s: usize = 0;
  z: usize = 0;
  c: usize = 0;
  tc: usize = 0;
  rh: usize = 0;
  sStride: usize = 0;
  zStride: usize = 0;
  cStride: usize = 0;
  tcStride: usize = 0;
  rhStride: usize = 0;

  // One timestep, [panels][tiles × 6][8] each: recurrent part of ∂L/∂h, of ∂L/∂c, direct part, products, ∂L/∂x, peephole sums [panels][3H][8].
  rec: usize = 0;
  recC: usize = 0;
  direct: usize = 0;
  scratch: usize = 0;
  dxRows: usize = 0;
  peepholeSums: usize = 0;
  /** [panels] records of scale.ts. */
  factors: usize = 0;

  // Figures per timestep and sample, [T + 1][panels × 8] (the last only if the last state has a gradient). Edge t leads
  // from timestep t to t − 1.
  exponent: usize = 0;
  squaresH: usize = 0;
  squaresC: usize = 0;
  edgeSquaresH: usize = 0;
  edgeExponentH: usize = 0;
  edgeSquaresC: usize = 0;
  edgeExponentC: usize = 0;
  nonFiniteH: usize = 0;
  nonFiniteC: usize = 0;
  /**
   * [T][panels][8] 32-bit: counts of low and of high values of up to three gates, then the sum of 1/(1 − f) as float32.
   */
  gates: usize = 0;

  // Weight gradients: [row tiles][column panels][6][8]; per worker, packing space and [T][4] squares.
  tiles: usize = 0;
  columnPanels: i32 = 0;
  workers: i32 = 0;
  packing: usize = 0;
  packingStride: usize = 0;
  blockTimesteps: i32 = 0;
  squares: usize = 0;
  squaresStride: usize = 0;
  /** [T][STATISTICS] float64. */
  statistics: usize = 0;
  sorting: usize = 0;

  /** [groups] of Group. */
  groupTable: usize = 0;

  /**
   * [panels × 8] 32-bit: the timestep at which each sample begins, T for a sample without timesteps; 0: all begin at
   * the first (held.ts).
   */
  starts: usize = 0;
  /** The earliest of these; 0 if `starts` is 0. */
  first: i32 = 0;
  /** [panels] 32-bit: the earliest of each panel. */
  panelStarts: usize = 0;
  /** [panels][H][8]: factors of h_{t−1} before it is multiplied by the weights (recurrent dropout); 0: none. */
  recurrentMask: usize = 0;
  /** simpleRNN with such a mask: h_t before the mask, [T][panels][H][8]. */
  hOut: usize = 0;
  hOutStride: usize = 0;
  /** With the strides of z and of tc; 0: none. */
  slopes: usize = 0;
  tcSlopes: usize = 0;
}

/** A group of gates: its place in z, and its products with the operand rows. */
export class Group {
  zStart: i32 = 0;
  count: i32 = 0;
  /** First column in the kernel and the recurrent kernel. */
  column: i32 = 0;
  /** Bits: TO_KERNEL, TO_RECURRENT, USES_RESET, TO_BIAS, TO_RECURRENT_BIAS. */
  flags: i32 = 0;
  /** First column panel (of 8) in `tiles`. */
  firstPanel: i32 = 0;
}

// Bits of a group's flags: where its products come from and where their gradients go.
export const TO_KERNEL: i32 = 1;
export const TO_RECURRENT: i32 = 2;
export const USES_RESET: i32 = 4;
export const TO_BIAS: i32 = 8;
export const TO_RECURRENT_BIAS: i32 = 16;

// Kinds of cells.
export const SIMPLE_RNN: i32 = 0;
export const LSTM: i32 = 1;
export const GRU: i32 = 2;
export const GRU_RESET_AFTER: i32 = 3;
