/**
 * The parameter block of one recurrent layer at one shape, laid out by `src/kernels/layout.ts`: 32-bit fields, in this order.
 *
 * Rows (see simd.ts) hold 8 samples of one unit, so a timestep's operand needs no repacking: the state that a timestep
 * writes is the packed right-hand side of the next timestep's product.
 *
 *   s   [T+1][panels][K][8]      K = D + 1 + H: x_t, the constant 1 (for the bias), h_{t−1}
 *   z   [T][panels][zRows][8]    gates after their activation; the backward pass overwrites them with a_t = ∂L/∂(pre-activation)
 *   c   [T+1][panels][H][8]      LSTM cell state c_{t−1}
 *   tc  [T][panels][H][8]        activation(c_t)
 *   rh  [T][panels][H][8]        r ∘ h_{t−1} (GRU with the reset before the product)
 *
 * Gates come in groups of z rows, each padded to whole tiles of 6: simpleRNN [h]; LSTM [i f c o]; GRU [z r][h]; GRU
 * with the reset after the product [z r][h recurrent part][h input part]. Strides of 0 keep only the current timestep
 * (a forward pass without a backward one).
 */
@unmanaged
export class Plan {
  kind: i32;
  T: i32;
  B: i32;
  D: i32;
  H: i32;
  panels: i32;
  K: i32;
  G: i32;
  zRows: i32;
  activation: i32;
  recurrentActivation: i32;
  reversed: i32;
  detailed: i32;
  peephole: i32;
  useBias: i32;
  groups: i32;
  /** The walk back is cut after this many timesteps; 0: never. */
  truncate: i32;

  // The callers' row-major arrays; 0 if absent.
  x: usize;
  w: usize;
  u: usize;
  bias: usize;
  peepholes: usize;
  h0: usize;
  c0: usize;
  y: usize;
  hT: usize;
  cT: usize;
  dy: usize;
  dhT: usize;
  dcT: usize;
  dx: usize;
  dw: usize;
  du: usize;
  dbias: usize;
  dpeepholes: usize;
  dh0: usize;
  dc0: usize;

  // Packed weights: [zRows / 6][K][6], [tiles(H)][zRows][6], [tiles(D)][zRows][6].
  forwardWeights: usize;
  backwardWeights: usize;
  inputWeights: usize;

  // Histories and their bytes per timestep.
  s: usize;
  z: usize;
  c: usize;
  tc: usize;
  rh: usize;
  sStride: usize;
  zStride: usize;
  cStride: usize;
  tcStride: usize;
  rhStride: usize;

  // One timestep, [panels][tiles × 6][8] each: recurrent part of ∂L/∂h, of ∂L/∂c, direct part, products, ∂L/∂x, peephole sums [panels][3H][8].
  rec: usize;
  recC: usize;
  direct: usize;
  scratch: usize;
  dxRows: usize;
  peepholeSums: usize;
  /** [panels] records of scale.ts. */
  factors: usize;

  // Figures per timestep and sample, [T + 1][panels × 8] (the last only if the last state has a gradient). Edge t leads
  // from timestep t to t − 1.
  exponent: usize;
  squaresH: usize;
  squaresC: usize;
  edgeSquaresH: usize;
  edgeExponentH: usize;
  edgeSquaresC: usize;
  edgeExponentC: usize;
  nonFiniteH: usize;
  nonFiniteC: usize;
  /**
   * [T][panels][8] 32-bit: counts of low and of high values of up to three gates, then the sum of 1/(1 − f) as float32.
   */
  gates: usize;

  // Weight gradients: [row tiles][column panels][6][8]; per worker, packing space and [T][4] squares.
  tiles: usize;
  columnPanels: i32;
  workers: i32;
  packing: usize;
  packingStride: usize;
  blockTimesteps: i32;
  squares: usize;
  squaresStride: usize;
  /** [T][STATISTICS] float64. */
  statistics: usize;
  sorting: usize;

  /** [groups] of Group. */
  groupTable: usize;

  /**
   * [panels × 8] 32-bit: the timestep at which each sample begins, T for a sample without timesteps; 0: all begin at
   * the first (held.ts).
   */
  starts: usize;
  /** The earliest of these; 0 if `starts` is 0. */
  first: i32;
  /** [panels] 32-bit: the earliest of each panel. */
  panelStarts: usize;
  /** [panels][H][8]: factors of h_{t−1} before it is multiplied by the weights (recurrent dropout); 0: none. */
  recurrentMask: usize;
  /** simpleRNN with such a mask: h_t before the mask, [T][panels][H][8]. */
  hOut: usize;
  hOutStride: usize;
}

/** A group of gates: its place in z, and its products with the operand rows. */
@unmanaged
export class Group {
  zStart: i32;
  count: i32;
  /** First column in the kernel and the recurrent kernel. */
  column: i32;
  /** Bits: TO_KERNEL, TO_RECURRENT, USES_RESET, TO_BIAS, TO_RECURRENT_BIAS. */
  flags: i32;
  /** First column panel (of 8) in `tiles`. */
  firstPanel: i32;
}

export const TO_KERNEL: i32 = 1;
export const TO_RECURRENT: i32 = 2;
export const USES_RESET: i32 = 4;
export const TO_BIAS: i32 = 8;
export const TO_RECURRENT_BIAS: i32 = 16;

export const SIMPLE_RNN: i32 = 0;
export const LSTM: i32 = 1;
export const GRU: i32 = 2;
export const GRU_RESET_AFTER: i32 = 3;

@inline
export function group(plan: Plan, index: i32): Group {
  return changetype<Group>(plan.groupTable + <usize>index * offsetof<Group>());
}

/** Number of samples of a panel that exist; the other lanes are padding. */
@inline
export function validLanes(plan: Plan, panel: i32): i32 {
  return min<i32>(8, plan.B - panel * 8);
}
