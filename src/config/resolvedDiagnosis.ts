/** The thresholds of the rules, with every default filled in. */

export interface DiagnosisConfig {
  /** How far back the task needs the gradient to reach, in timesteps; null: from the task, otherwise T − 1. */
  readonly requiredLag: number | null;
  readonly rules: DiagnosisRules;
}

/** Thresholds of the rules (see docs/findings.md). `enabled: false` switches a rule off. */
export interface DiagnosisRules {
  readonly "vanishing-through-time": {
    readonly enabled: boolean;
    /** Share of the last state gradient that must survive, ε of the horizon. */
    readonly epsilon: number;
    /** Number of measured steps before the rule may warn; until then it only informs. */
    readonly minSteps: number;
    /** Relative distance from the trivial baseline loss within which the net counts as not learning. */
    readonly baselineTolerance: number;
  };
  readonly "exploding-through-time": {
    readonly enabled: boolean;
    /** log₁₀ growth from the last to the first timestep above which the rule reports. */
    readonly decades: number;
  };
  readonly "exploding-gradient": {
    readonly enabled: boolean;
    /** Multiple of the running median of the gradient norm before clipping. */
    readonly factor: number;
    /** Absolute gradient norm before clipping. */
    readonly norm: number;
  };
  readonly "non-finite": Switch;
  readonly "data-scale": Switch;
  readonly "output-mismatch": Switch;
  readonly "symmetric-units": Switch;
  readonly padding: Switch;
  readonly "post-norm-stack": Switch;
  readonly "nothing-to-learn": Switch;
  readonly "held-back": Switch;
  readonly "vanishing-through-depth": DepthRule;
  readonly "exploding-through-depth": DepthRule;
  readonly "dead-units": ShareRule;
  readonly "saturated-units": ShareRule;
  readonly "saturated-gates": ShareRule;
  readonly "update-ratio": {
    readonly enabled: boolean;
    /** ‖Δw‖ / ‖w‖ below which updates are too small. */
    readonly low: number;
    /** ‖Δw‖ / ‖w‖ above which they are too large. */
    readonly high: number;
    readonly minSteps: number;
  };
  readonly "loss-plateau": {
    readonly enabled: boolean;
    /** Relative distance from the trivial baseline loss within which the net counts as not learning. */
    readonly tolerance: number;
    /** Share of a training run after which a net should have begun to learn. */
    readonly grace: number;
  };
  readonly "loss-diverging": {
    readonly enabled: boolean;
    /** Multiple of the first loss. */
    readonly factor: number;
    /** Number of consecutive steps for which it must stay there. */
    readonly minSteps: number;
  };
}

/** A rule without thresholds. */
interface Switch {
  readonly enabled: boolean;
}

interface DepthRule {
  readonly enabled: boolean;
  /** Ratio of the gradient norm at a layer's output to that at a later layer's. */
  readonly factor: number;
  readonly minSteps: number;
}

interface ShareRule {
  readonly enabled: boolean;
  /** Share of a layer's units or gate values above which the rule reports. */
  readonly share: number;
  readonly minSteps: number;
}
