/**
 * Measures how much longer a step could be before it would raise the loss of its own batch.
 *
 * Along the update d the loss is L(f) ≈ L₀ + f s + ½ f² q, with the slope s = gᵀd and the curvature q = dᵀHd. One more
 * loss gives the curvature: ½ f² q = L(f) − L₀ − f s. L is lowest halfway and back at L₀ at f₀ = −2 s / q. For gradient
 * descent along an eigenvector of the Hessian H with eigenvalue λ this is the learning rate 2/λ, beyond which it
 * diverges (LeCun, Bottou, Orr & Müller 1998, "Efficient BackProp", 4.2; Cohen et al. 2021, "Gradient descent on neural
 * networks typically occurs at the edge of stability").
 */

/** The loss along a line through the present weights. */
export interface LossLine {
  /** L₀, as `at` computes it. */
  readonly loss: number;
  /** gᵀd; null: the gradient is not the loss's, so both sides are evaluated. */
  readonly slope: number | null;
  /** L(f): one forward pass. */
  at(factor: number): number;
}

/** Share of the loss that the first evaluation expects to gain: large against rounding, small against the landscape. */
const firstGain = 0.05;
/** Most evaluations; each is one forward pass, or two. One or two evaluations are usually enough. */
const mostLooks = 4;
/**
 * The next evaluation is at most this many times as far, and at least the inverse: the loss is a parabola only nearby.
 */
const stride = 16;
/** Evaluations beyond this many lengths of the step say nothing about the step. */
const farthest = 1000;
/** A curvature below this share of the loss is float32's rounding. */
const rounding = 2e-6;

/**
 * f₀, the factor of the step at which it stops lowering the loss. NaN if it is unknown: the step leads uphill, or the
 * loss curves down or not at all along it.
 */
export function stableFactor(line: LossLine): number {
  const { loss } = line;
  if (!Number.isFinite(loss)) return Number.NaN;
  let factor = line.slope === null ? 1 : firstFactor(loss, line.slope);
  let found = Number.NaN;
  for (let look = 0; look < mostLooks; look++) {
    const { slope, curvature } = lookAt(line, factor);
    if (!Number.isFinite(curvature) || !Number.isFinite(slope)) {
      // Beyond a cliff: evaluate nearer.
      factor /= stride ** 2;
      continue;
    }
    if (!(slope < 0)) return Number.NaN;
    // If L(f) − L₀ − f s is no larger than its rounding, there is no curvature.
    const bend = 0.5 * factor ** 2 * curvature;
    const rounded = rounding * (Math.abs(loss) + Math.abs(factor * slope));
    if (bend < -rounded) return Number.NaN;
    const known = bend > rounded;
    if (!known && factor >= farthest) return found;
    found = known ? (-2 * slope) / curvature : Number.NaN;
    // The parabola is valid where it was evaluated: within the stable range, and not far inside.
    if (known && factor <= 1.5 * found && factor >= 0.05 * found) return found;
    const next = known ? 0.5 * found : Number.POSITIVE_INFINITY;
    factor = Math.min(farthest, Math.max(factor / stride, Math.min(factor * stride, next)));
  }
  return found;
}

function firstFactor(loss: number, slope: number): number {
  const gain = (firstGain * Math.abs(loss)) / Math.abs(slope);
  return Number.isFinite(gain) && gain > 0 ? Math.min(farthest, gain) : 1;
}

function lookAt(line: LossLine, factor: number): { readonly slope: number; readonly curvature: number } {
  const ahead = line.at(factor);
  if (line.slope !== null) {
    const curvature = (2 * (ahead - line.loss - factor * line.slope)) / factor ** 2;
    return { slope: line.slope, curvature };
  }
  const behind = line.at(-factor);
  return {
    slope: (ahead - behind) / (2 * factor),
    curvature: (ahead + behind - 2 * line.loss) / factor ** 2,
  };
}

/**
 * Whether the factor is measured at a step: 1, 2, 4, 8, 16, 32, then every 50th. A measurement costs a third of a step.
 */
export function isMeasured(step: number): boolean {
  return step >= 50 ? step % 50 === 0 : (step & (step - 1)) === 0;
}
