/**
 * Layout of one timestep's statistics, in float64 fields. Both the kernels and the host's `statistics.ts` read this
 * file, so it holds plain numbers only: they mean the same in AssemblyScript and in TypeScript.
 *
 * A "pair" is two fields (square, e): norm² = square × 4^e.
 */

/** First field of h's figures and, in an LSTM, of c's. */
export const H_FIELDS = 0;
export const C_FIELDS = 13;

// Offsets inside one state's figures.
/** Pair: ‖d_t‖ over batch and units. */
export const NORM = 0;
/** Pair: norm of what crossed the edge to the previous timestep. */
export const EDGE = 2;
/** Number of entries of d_t that are not finite. */
export const NON_FINITE = 4;
/** Three pairs: 10th, 50th and 90th percentile of the samples' norms. */
export const PERCENTILES = 5;
/** Pair: ‖d_t‖ over those samples that send to a previous timestep. */
export const SENDING_NORM = 11;

/** Pair: norm of the timestep's contribution to the recurrent kernel's gradient. */
export const CONTRIBUTION = 26;
/** Shares of low and of high values of up to three gates. */
export const GATE_SHARES = 28;
/** Mean of 1/(1 − f). */
export const TIMESCALE = 34;

/** Number of fields of one timestep; the host refuses a module with another number. */
export const STATISTICS = 35;
