/**
 * Ridge regressions of the targets on the first 1, 2, …, p columns of a design, all from one factorization.
 *
 * With G + λI = L Lᵀ, the leading part of L is the factor of the leading part of G, so that for every j
 *
 *   prediction from the first j columns of x = Σ_{i ≤ j} (L⁻¹x)_i (L⁻¹Xᵀy)_i ;
 *
 * The sum over all j costs no more than the last prediction alone. Folds are contiguous, so that cross-validation
 * predicts windows of one series from other parts of it (Hastie, Tibshirani & Friedman 2009, 3.4.1 and 7.10; Bergmeir &
 * Benítez 2012).
 */

const folds = 5;
/** λ per example, for columns of unit variance. */
const penalties = [1e-4, 0.02, 0.3] as const;
/** Number of contiguous groups of examples, whose errors are treated as independent. */
export const errorGroups = 20;

export interface Design {
  readonly rows: number;
  readonly columns: number;
  /** Row-major; each column has mean 0 and variance 1, or is zero. */
  readonly values: Float64Array;
}

export interface Nested {
  /** Out-of-fold mean squared error by the number of columns used; index 0 uses none. */
  readonly errors: Float64Array;
  /** The same error for each of `errorGroups` contiguous groups of rows: `(columns + 1) × errorGroups`. */
  readonly grouped: Float64Array;
  /** Out-of-fold predictions from the first `columns` columns: `rows × outputs`. */
  predictions(columns: number): Float64Array;
}

/** @param targets `rows × outputs`, with mean 0. */
export function nestedRidge(design: Design, targets: Float64Array): Nested {
  const { rows, columns: p } = design;
  const outputs = targets.length / rows;
  const bounds = Array.from({ length: folds + 1 }, (_, f) => Math.floor((f * rows) / folds));
  const parts = Array.from({ length: folds }, (_, f) => moments(design, targets, bounds[f]!, bounds[f + 1]!));
  const factorized = (penalty: number): readonly Fold[] =>
    parts.map((_, f) =>
      solve(
        parts.filter((_, g) => g !== f),
        p,
        outputs,
        penalty,
      ),
    );

  let best: { readonly fitted: readonly Fold[]; readonly least: number } | null = null;
  for (const penalty of penalties) {
    const fitted = factorized(penalty);
    // Every eighth row is enough to choose the penalty.
    const errors = new Float64Array(p + 1);
    each(design, targets, fitted, bounds, 8, p, (row, prediction, j) => {
      errors[j]! += squaredError(targets, prediction, row, outputs);
    });
    const least = errors.reduce((a, b) => Math.min(a, b));
    if (best === null || least < best.least) best = { fitted, least };
  }
  const { fitted } = best!;

  const errors = new Float64Array(p + 1);
  const grouped = new Float64Array((p + 1) * errorGroups);
  const sizes = new Float64Array(errorGroups);
  for (let row = 0; row < rows; row++) sizes[Math.floor((row * errorGroups) / rows)]!++;
  each(design, targets, fitted, bounds, 1, p, (row, prediction, j) => {
    const error = squaredError(targets, prediction, row, outputs) / outputs;
    const group = Math.floor((row * errorGroups) / rows);
    errors[j]! += error / rows;
    grouped[j * errorGroups + group]! += error / sizes[group]!;
  });
  return {
    errors,
    grouped,
    predictions: (columns) => {
      const result = new Float64Array(rows * outputs);
      each(design, targets, fitted, bounds, 1, columns, (row, prediction, j) => {
        if (j === columns) result.set(prediction, row * outputs);
      });
      return result;
    },
  };
}

interface Moments {
  readonly rows: number;
  /** Lower triangle of XᵀX, p × p. */
  readonly gram: Float64Array;
  /** Xᵀy, p × outputs. */
  readonly cross: Float64Array;
}

interface Fold {
  /** Lower triangular factor L, p × p. */
  readonly factor: Float64Array;
  /** L⁻¹Xᵀy, p × outputs. */
  readonly rotated: Float64Array;
}

function moments({ columns: p, values }: Design, targets: Float64Array, from: number, to: number): Moments {
  const outputs = targets.length / (values.length / p);
  const gram = new Float64Array(p * p);
  const cross = new Float64Array(p * outputs);
  const zeros = new Float64Array(p);
  // Four rows at a time: each entry of the matrix is loaded and stored once for all four.
  for (let row = from; row < to; row += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((r) =>
      row + r < to ? values.subarray((row + r) * p, (row + r + 1) * p) : zeros,
    ) as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < p; i++) {
      const [ai, bi, ci, di] = [a[i]!, b[i]!, c[i]!, d[i]!];
      const at = i * p;
      for (let j = 0; j <= i; j++) gram[at + j]! += ai * a[j]! + bi * b[j]! + ci * c[j]! + di * d[j]!;
    }
  }
  for (let row = from; row < to; row++)
    for (let i = 0; i < p; i++) {
      const x = values[row * p + i]!;
      for (let d = 0; d < outputs; d++) cross[i * outputs + d]! += x * targets[row * outputs + d]!;
    }
  return { rows: to - from, gram, cross };
}

/** Cholesky factorization of the parts' sum, and the targets' products solved with it. */
function solve(parts: readonly Moments[], p: number, outputs: number, penalty: number): Fold {
  const factor = new Float64Array(p * p);
  const rotated = new Float64Array(p * outputs);
  let rows = 0;
  for (const { gram, cross, rows: own } of parts) {
    rows += own;
    for (let i = 0; i < gram.length; i++) factor[i]! += gram[i]!;
    for (let i = 0; i < cross.length; i++) rotated[i]! += cross[i]!;
  }
  for (let i = 0; i < p; i++) {
    factor[i * p + i]! += penalty * rows;
    for (let j = 0; j <= i; j++) {
      let sum = factor[i * p + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * p + k]! * factor[j * p + k]!;
      factor[i * p + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9 * rows)) : sum / factor[j * p + j]!;
    }
    for (let d = 0; d < outputs; d++) {
      let sum = rotated[i * outputs + d]!;
      for (let k = 0; k < i; k++) sum -= factor[i * p + k]! * rotated[k * outputs + d]!;
      rotated[i * outputs + d] = sum / factor[i * p + i]!;
    }
  }
  return { factor, rotated };
}

/**
 * Calls back for each row (every `stride`-th) and each j = 0 … columns with the prediction from the first j columns.
 */
function each(
  { columns: p, values }: Design,
  targets: Float64Array,
  fitted: readonly Fold[],
  bounds: readonly number[],
  stride: number,
  columns: number,
  hear: (row: number, prediction: Float64Array, j: number) => void,
): void {
  const outputs = targets.length / (values.length / p);
  const u = new Float64Array(p);
  const prediction = new Float64Array(outputs);
  for (const [f, { factor, rotated }] of fitted.entries())
    for (let row = bounds[f]!; row < bounds[f + 1]!; row += stride) {
      prediction.fill(0);
      hear(row, prediction, 0);
      for (let i = 0; i < columns; i++) {
        let sum = values[row * p + i]!;
        const at = i * p;
        for (let k = 0; k < i; k++) sum -= factor[at + k]! * u[k]!;
        u[i] = sum / factor[at + i]!;
        for (let d = 0; d < outputs; d++) prediction[d]! += u[i]! * rotated[i * outputs + d]!;
        hear(row, prediction, i + 1);
      }
    }
}

function squaredError(targets: Float64Array, prediction: Float64Array, row: number, outputs: number): number {
  let sum = 0;
  for (let d = 0; d < outputs; d++) sum += (targets[row * outputs + d]! - prediction[d]!) ** 2;
  return sum;
}
