/** A verification with a fix of each verdict, with plausible figures. For tests of the page only. */

import type { FixVerdict, Spread } from "../../../../src/protocol/verification.ts";
import { packArm, type VerifiedFixView, type VerifiedView } from "../../../../src/protocol/verificationView.ts";

const spread = (median: number, min = median, max = median): Spread => ({ median, min, max });
const none = spread(Number.NaN);

interface Arm {
  readonly horizon: Spread;
  readonly survival: Spread;
  readonly gain: Spread;
  readonly loss: Spread;
  readonly runs?: number;
  readonly diverged?: number;
}

const arm = ({ runs = 3, diverged = 0, ...figures }: Arm): Float64Array =>
  packArm({ ...figures, gradientNorm: spread(1), requiredLag: 99, baseline: 0.167, runs, diverged });

const fix = (id: string, title: string, verdict: FixVerdict, reason: string, figures: Arm): VerifiedFixView => ({
  id,
  title,
  verdict,
  reason,
  figures: arm(figures),
  remaining: [],
  alike: [],
});

export const demoVerification: VerifiedView = {
  code: "vanishing-through-time",
  layer: "simple_rnn",
  seeds: 3,
  steps: 300,
  complete: true,
  present: arm({
    horizon: spread(34, 33, 35),
    survival: spread(-5.86, -6.02, -5.71),
    gain: spread(0.872, 0.869, 0.875),
    loss: spread(0.168, 0.166, 0.171),
  }),
  fixes: [
    fix("swap-lstm", "Make it an LSTM layer, still 64 units", "better", "clears the finding, the horizon improves", {
      horizon: spread(99),
      survival: spread(-0.73, -0.91, -0.6),
      gain: spread(0.983, 0.979, 0.986),
      loss: spread(0.0214, 0.0186, 0.0402),
    }),
    fix("orthogonal", "Initialize the recurrent kernel orthogonally, gain 1", "better", "the horizon improves", {
      horizon: spread(71, 64, 80),
      survival: spread(-2.79, -3.1, -2.44),
      gain: spread(0.937, 0.93, 0.944),
      loss: spread(0.166, 0.164, 0.17),
    }),
    fix("clip-global-norm", "Clip by global norm 1", "inconclusive", "the spread between seeds exceeds the effect", {
      horizon: spread(41, 22, 60),
      survival: spread(-4.9, -9.1, -3.3),
      gain: spread(0.893, 0.81, 0.926),
      loss: spread(0.17, 0.161, 0.182),
      runs: 2,
    }),
    fix("swap-gru", "Make it a GRU layer, still 64 units", "inconclusive", "not run: time ran out", {
      horizon: none,
      survival: none,
      gain: none,
      loss: none,
      runs: 0,
    }),
    fix("glorot", "Initialize the kernel with glorotUniform", "no difference", "neither moves", {
      horizon: spread(34, 33, 35),
      survival: spread(-5.86, -6.02, -5.71),
      gain: spread(0.872, 0.869, 0.875),
      loss: spread(0.168, 0.166, 0.171),
    }),
    fix("identity-relu", "Start from the identity with ReLU (IRNN)", "worse", "the run diverges", {
      horizon: spread(99),
      survival: spread(6.1, 3.2, 8.8),
      gain: spread(1.15, 1.08, 1.23),
      loss: spread(Number.POSITIVE_INFINITY, 0.4, Number.POSITIVE_INFINITY),
      diverged: 2,
    }),
  ],
  conclusion: {
    kind: "helps",
    headline: "2 of 6 fixes help",
    text: "2 of 6 fixes help. The best: Make it an LSTM layer, still 64 units.",
    causes: [],
  },
  impossible: [{ title: "Attend to all states", reason: "the layer returns its last state only" }],
};
