/** Chains of cause and effect are told once, at the cause: what follows from it becomes information that says so. */

import type { Finding, FindingCode } from "../protocol/finding.ts";
import type { RunKind } from "../protocol/run.ts";

interface Consequence {
  readonly effect: FindingCode;
  readonly cause: FindingCode;
  /** Only where both are of the same layer. */
  readonly sameLayer: boolean;
  /** Only where the cause was seen at an earlier step than the effect. */
  readonly earlier?: true;
  /** Only where this holds of the cause. */
  readonly when?: (cause: Finding) => boolean;
  readonly because: string;
}

const exploded = "The gradient explodes through time: see to that first.";
const dead = "Dead units cut the gradient off: see to them first.";
const saturated = "Saturated units cut the gradient off: see to them first.";
const diverged = "The loss diverged before: see to that first.";
const scale = "The initial weights shrink what passes through the layers: see to them first.";

/** The initial weights of its layers have a scale that does not follow from their sizes. */
const unscaled = ({ fixes }: Finding): boolean => fixes.some(({ id }) => id === "scaled-initializer");

const unscaledData = "The scale of the data probably causes it: see to that first.";

const idle = "No update helps before that is put right.";

const mismatched = "What the model gives does not fit its loss or its targets: see to that first.";

/** What a wrong output brings about: it goes flat where it ends, or is pushed ever further out. */
const ofWrongOutput: readonly FindingCode[] = [
  "vanishing-through-depth",
  "vanishing-through-time",
  "exploding-gradient",
  "dead-units",
  "saturated-units",
  "saturated-gates",
  "loss-diverging",
  "non-finite",
];

const overshot = "The updates are what explodes: see to that first.";

const rewritten = "Each update rewrites the weights, at a learning rate far above the usual one: see to that first.";

/** Large updates, not small ones. */
const rewrites = ({ evidence }: Finding): boolean => (evidence["updateRatio"] ?? 0) > (evidence["high"] ?? 0);

/** What weights that every update rewrites look like. */
const ofLargeUpdates: readonly FindingCode[] = [
  "vanishing-through-time",
  "vanishing-through-depth",
  "dead-units",
  "saturated-units",
  "saturated-gates",
];

const symmetric = "Units that are all alike learn as one, or not at all: see to them first.";

/** A layer of units that are alike passes little on, or nothing; what is dead or stands still with it follows. */
const ofSymmetricUnits: readonly FindingCode[] = [
  "vanishing-through-depth",
  "vanishing-through-time",
  "dead-units",
  "saturated-units",
  "saturated-gates",
];

const postNorm = "A deep stack that normalizes after its residual sums does so: see to that first.";

const heldBack = "Clipping, regularization or dropout leave next to nothing to learn with: see to that first.";

/** What weights look like that nothing moves, or that a penalty has shrunk. */
const ofHeldBack: readonly FindingCode[] = [
  "vanishing-through-time",
  "vanishing-through-depth",
  "dead-units",
  "saturated-units",
  "saturated-gates",
];

const consequences: readonly Consequence[] = [
  ...ofHeldBack.map((effect): Consequence => ({ effect, cause: "held-back", sameLayer: false, because: heldBack })),
  ...(["held-back", "output-mismatch", "symmetric-units", "dead-units"] as const).map(
    (cause): Consequence => ({ effect: "update-ratio", cause, sameLayer: false, because: idle }),
  ),
  ...(["exploding-gradient", "loss-diverging", "exploding-through-time", "exploding-through-depth"] as const).map(
    (cause): Consequence => ({ effect: "update-ratio", cause, sameLayer: false, because: overshot }),
  ),
  ...ofLargeUpdates.map(
    (effect): Consequence => ({ effect, cause: "update-ratio", sameLayer: false, when: rewrites, because: rewritten }),
  ),
  ...ofWrongOutput.map(
    (effect): Consequence => ({ effect, cause: "output-mismatch", sameLayer: false, because: mismatched }),
  ),
  ...ofSymmetricUnits.map(
    (effect): Consequence => ({ effect, cause: "symmetric-units", sameLayer: false, because: symmetric }),
  ),
  ...(["vanishing-through-depth", "exploding-gradient", "loss-diverging"] as const).map(
    (effect): Consequence => ({ effect, cause: "post-norm-stack", sameLayer: false, because: postNorm }),
  ),
  ...(
    [
      "non-finite",
      "exploding-gradient",
      "loss-diverging",
      "saturated-units",
      "saturated-gates",
      "dead-units",
      "vanishing-through-time",
      "vanishing-through-depth",
    ] as const
  ).map((effect): Consequence => ({ effect, cause: "data-scale", sameLayer: false, because: unscaledData })),
  {
    effect: "vanishing-through-time",
    cause: "padding",
    sameLayer: false,
    because: "It has to come through the padding, which nothing masks: see to that first.",
  },
  // At the first step it is the initial weights that explode; later they may be what large updates made of them.
  ...(["exploding-through-time", "exploding-through-depth"] as const).map(
    (effect): Consequence => ({ effect, cause: "data-scale", sameLayer: false, earlier: true, because: unscaledData }),
  ),
  {
    effect: "vanishing-through-time",
    cause: "exploding-through-time",
    sameLayer: true,
    because: "The layer's gradient exploded before: see to that first.",
  },
  { effect: "exploding-gradient", cause: "exploding-through-time", sameLayer: false, because: exploded },
  { effect: "exploding-through-depth", cause: "exploding-through-time", sameLayer: false, because: exploded },
  { effect: "saturated-units", cause: "exploding-through-time", sameLayer: true, because: exploded },
  { effect: "loss-diverging", cause: "exploding-through-time", sameLayer: false, because: exploded },
  {
    effect: "exploding-gradient",
    cause: "exploding-through-depth",
    sameLayer: false,
    because: "The gradient explodes on its way through the layers: see to that first.",
  },
  {
    effect: "loss-diverging",
    cause: "exploding-through-depth",
    sameLayer: false,
    because: "The gradient explodes on its way through the layers: see to that first.",
  },
  {
    effect: "loss-diverging",
    cause: "exploding-gradient",
    sameLayer: false,
    because: "Exploding gradients make the updates overshoot: see to them first.",
  },
  {
    effect: "non-finite",
    cause: "exploding-through-time",
    sameLayer: false,
    because: "The gradient exploded through time before: see to that first.",
  },
  {
    effect: "non-finite",
    cause: "exploding-through-depth",
    sameLayer: false,
    earlier: true,
    because: "The gradient exploded on its way through the layers before: see to that first.",
  },
  { effect: "non-finite", cause: "loss-diverging", sameLayer: false, earlier: true, because: diverged },
  { effect: "exploding-gradient", cause: "loss-diverging", sameLayer: false, earlier: true, because: diverged },
  { effect: "exploding-through-depth", cause: "loss-diverging", sameLayer: false, earlier: true, because: diverged },
  { effect: "saturated-units", cause: "loss-diverging", sameLayer: false, earlier: true, because: diverged },
  { effect: "dead-units", cause: "vanishing-through-depth", sameLayer: false, when: unscaled, because: scale },
  { effect: "saturated-units", cause: "vanishing-through-depth", sameLayer: false, when: unscaled, because: scale },
  { effect: "vanishing-through-depth", cause: "dead-units", sameLayer: false, because: dead },
  { effect: "vanishing-through-time", cause: "dead-units", sameLayer: true, because: dead },
  { effect: "vanishing-through-depth", cause: "saturated-units", sameLayer: false, because: saturated },
  {
    effect: "saturated-units",
    cause: "vanishing-through-time",
    sameLayer: true,
    because: "It is one reason why the layer's gradient vanishes through time, which is told there.",
  },
  {
    effect: "saturated-gates",
    cause: "vanishing-through-time",
    sameLayer: true,
    because: "It is one reason why the layer's gradient vanishes through time, which is told there.",
  },
];

/** Told only where nothing graver explains them. */
export const untoldBesideGraver: readonly FindingCode[] = ["update-ratio", "loss-plateau"];

/**
 * Effects as information; `update-ratio` and `loss-plateau` not at all where something graver explains them. What diverged first decides
 * between a loss that diverges and gradients that explode. Gradients that explode in several layers are one explosion:
 * the layer where it came first, and was worst then, tells of it.
 *
 * A cause is as grave as the gravest of its effects, so that it stays the first finding. Not in a probe: how many effects
 * it sees depends on how many steps the machine had time for, and its verdict must not.
 */
export function settle(findings: readonly Finding[], kind: RunKind): readonly Finding[] {
  const graver = findings.filter((f) => f.severity !== "information");
  const overtaken = (f: Finding) =>
    consequences.some((c) => c.earlier && c.effect === f.code && graver.some((cause) => isCause(c, cause, f)));
  // What was itself overtaken by its effect is no cause of it.
  const causes = graver.filter((f) => !overtaken(f));
  const first = graver
    .filter((f) => f.code === "exploding-gradient")
    .sort((a, b) => a.step - b.step || (b.evidence["gradientNorm"] ?? 0) - (a.evidence["gradientNorm"] ?? 0))[0];
  const raised = new Set<Finding>();
  const settled = findings.map((f): Finding => {
    if (f.severity === "information") return f;
    if (f.code === "exploding-gradient" && first && f !== first && !overtaken(first))
      return calmed(f, `It is part of what is told of ${first.layer}.`);
    const chain = causeOf(f, causes);
    if (!chain) return f;
    if (f.severity === "error" && kind === "train") raised.add(rootOf(chain.cause, causes));
    return calmed(f, chain.because);
  });
  return settled
    .map((f, i) => (raised.has(findings[i]!) ? { ...f, severity: "error" as const } : f))
    .filter((f) => !isExplained(f, graver));
}

/** A plateau says that nothing is learnt, and small updates that the weights hardly move: others say why. */
function isExplained({ code, severity }: Finding, graver: readonly Finding[]): boolean {
  if (code === "loss-plateau") return graver.some((f) => f.code !== "loss-plateau");
  if (code !== "update-ratio" || severity !== "information") return false;
  return graver.some((f) => !untoldBesideGraver.includes(f.code));
}

function causeOf(effect: Finding, causes: readonly Finding[]): { cause: Finding; because: string } | undefined {
  for (const c of consequences) {
    if (c.effect !== effect.code) continue;
    const cause = causes.find((other) => other !== effect && isCause(c, other, effect) && !isMutual(c, other, effect));
    if (cause) return { cause, because: c.because };
  }
  return undefined;
}

/** Of two findings that may each cause the other, the conditional consequence decides. */
function isMutual(consequence: Consequence, cause: Finding, effect: Finding): boolean {
  if (consequence.when) return false;
  return consequences.some((c) => c.when && c.effect === cause.code && isCause(c, effect, cause));
}

/** The cause at the end of a chain. */
function rootOf(finding: Finding, causes: readonly Finding[]): Finding {
  let root = finding;
  for (let steps = 0; steps < causes.length; steps++) {
    const chain = causeOf(root, causes);
    if (!chain) break;
    root = chain.cause;
  }
  return root;
}

function calmed(finding: Finding, because: string): Finding {
  return { ...finding, severity: "information", explanation: `${finding.explanation} ${because}` };
}

function isCause(consequence: Consequence, cause: Finding, effect: Finding): boolean {
  return (
    cause.code === consequence.cause &&
    (consequence.when?.(cause) ?? true) &&
    (!consequence.sameLayer || cause.layer === effect.layer) &&
    (!consequence.earlier || cause.step < effect.step)
  );
}
