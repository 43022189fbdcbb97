/** Reports each chain of cause and effect once, at the cause; its effects become information that names the cause. */

import { verdictWords } from "../messages/verdicts.ts";
import type { Finding, FindingCode } from "../protocol/finding.ts";
import type { RunKind } from "../protocol/run.ts";

interface Consequence {
  readonly effect: FindingCode;
  readonly cause: FindingCode;
  /** Requires both to be findings of the same layer. */
  readonly sameLayer: boolean;
  /** Requires the cause to be seen at an earlier step than the effect. */
  readonly earlier?: true;
  /** Further condition on the cause. */
  readonly when?: (cause: Finding) => boolean;
  readonly because: () => string;
}

const exploded = (): string => verdictWords().exploded;
const dead = (): string => verdictWords().dead;
const saturated = (): string => verdictWords().saturated;
const diverged = (): string => verdictWords().diverged;
const scale = (): string => verdictWords().weightScale;

/** The scale of the initial weights does not follow from the sizes of the layers. */
const unscaled = ({ fixes }: Finding): boolean => fixes.some(({ id }) => id === "scaled-initializer");

const unscaledData = (): string => verdictWords().dataScale;

const idle = (): string => verdictWords().idle;

const mismatched = (): string => verdictWords().mismatched;

/** Effects of a wrong output: it goes flat at its end of the range, or is pushed further and further out. */
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

const overshot = (): string => verdictWords().overshot;

const rewritten = (): string => verdictWords().rewritten;

/** Large updates, not small ones. */
const rewrites = ({ evidence }: Finding): boolean => (evidence["updateRatio"] ?? 0) > (evidence["high"] ?? 0);

/** Effects of updates that rewrite the weights at every step. */
const ofLargeUpdates: readonly FindingCode[] = [
  "vanishing-through-time",
  "vanishing-through-depth",
  "dead-units",
  "saturated-units",
  "saturated-gates",
];

const symmetric = (): string => verdictWords().symmetric;

/**
 * Effects of symmetric units: such a layer passes on little or nothing, and what is dead or stands still with it
 * follows.
 */
const ofSymmetricUnits: readonly FindingCode[] = [
  "vanishing-through-depth",
  "vanishing-through-time",
  "dead-units",
  "saturated-units",
  "saturated-gates",
];

const postNorm = (): string => verdictWords().postNorm;

const heldBack = (): string => verdictWords().heldBack;

/** Effects on weights that nothing moves or that a penalty has shrunk. */
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
    because: () => verdictWords().throughPadding,
  },
  // At the first step the initial weights explode; later, large updates may be the reason.
  ...(["exploding-through-time", "exploding-through-depth"] as const).map(
    (effect): Consequence => ({ effect, cause: "data-scale", sameLayer: false, earlier: true, because: unscaledData }),
  ),
  {
    effect: "vanishing-through-time",
    cause: "exploding-through-time",
    sameLayer: true,
    because: () => verdictWords().layerExploded,
  },
  { effect: "exploding-gradient", cause: "exploding-through-time", sameLayer: false, because: exploded },
  { effect: "exploding-through-depth", cause: "exploding-through-time", sameLayer: false, because: exploded },
  { effect: "saturated-units", cause: "exploding-through-time", sameLayer: true, because: exploded },
  { effect: "loss-diverging", cause: "exploding-through-time", sameLayer: false, because: exploded },
  {
    effect: "exploding-gradient",
    cause: "exploding-through-depth",
    sameLayer: false,
    because: () => verdictWords().explodesThroughLayers,
  },
  {
    effect: "loss-diverging",
    cause: "exploding-through-depth",
    sameLayer: false,
    because: () => verdictWords().explodesThroughLayers,
  },
  {
    effect: "loss-diverging",
    cause: "exploding-gradient",
    sameLayer: false,
    because: () => verdictWords().overshoots,
  },
  {
    effect: "non-finite",
    cause: "exploding-through-time",
    sameLayer: false,
    because: () => verdictWords().explodedThroughTime,
  },
  {
    effect: "non-finite",
    cause: "exploding-through-depth",
    sameLayer: false,
    earlier: true,
    because: () => verdictWords().explodedThroughLayers,
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
    because: () => verdictWords().reasonForVanishing,
  },
  {
    effect: "saturated-gates",
    cause: "vanishing-through-time",
    sameLayer: true,
    because: () => verdictWords().reasonForVanishing,
  },
];

/** Findings that are dropped if a graver one explains them. */
export const untoldBesideGraver: readonly FindingCode[] = ["update-ratio", "loss-plateau"];

/**
 * Turns effects into information, and drops `update-ratio` and `loss-plateau` if something graver explains them. A loss
 * that diverges and gradients that explode may cause each other: the one that came first counts as the cause. Gradients
 * that explode in several layers are one explosion, reported at the layer where it came first and was worst then.
 *
 * A cause becomes as grave as the gravest of its effects, so it stays the first finding. This does not apply to a
 * probe: how many effects a probe sees depends on how many steps the machine had time for, and its verdict must not
 * depend on that.
 */
export function settle(findings: readonly Finding[], kind: RunKind): readonly Finding[] {
  const graver = findings.filter((f) => f.severity !== "information");
  const overtaken = (f: Finding) =>
    consequences.some((c) => c.earlier && c.effect === f.code && graver.some((cause) => isCause(c, cause, f)));
  // A finding that its own effect preceded is not the cause of it.
  const causes = graver.filter((f) => !overtaken(f));
  const first = graver
    .filter((f) => f.code === "exploding-gradient")
    .sort((a, b) => a.step - b.step || (b.evidence["gradientNorm"] ?? 0) - (a.evidence["gradientNorm"] ?? 0))[0];
  const raised = new Set<Finding>();
  const settled = findings.map((f): Finding => {
    if (f.severity === "information") return f;
    if (f.code === "exploding-gradient" && first && f !== first && !overtaken(first))
      return calmed(f, verdictWords().partOfExplosion(first.layer));
    const chain = causeOf(f, causes);
    if (!chain) return f;
    if (f.severity === "error" && kind === "train") raised.add(rootOf(chain.cause, causes));
    return calmed(f, chain.because);
  });
  return settled
    .map((f, i) => (raised.has(findings[i]!) ? { ...f, severity: "error" as const } : f))
    .filter((f) => !isExplained(f, graver));
}

/** Whether graver findings explain it: they say why nothing is learnt, or why the weights hardly move. */
function isExplained({ code, severity }: Finding, graver: readonly Finding[]): boolean {
  if (code === "loss-plateau") return graver.some((f) => f.code !== "loss-plateau");
  if (code !== "update-ratio" || severity !== "information") return false;
  return graver.some((f) => !untoldBesideGraver.includes(f.code));
}

function causeOf(effect: Finding, causes: readonly Finding[]): { cause: Finding; because: string } | undefined {
  for (const c of consequences) {
    if (c.effect !== effect.code) continue;
    const cause = causes.find((other) => other !== effect && isCause(c, other, effect) && !isMutual(c, other, effect));
    if (cause) return { cause, because: c.because() };
  }
  return undefined;
}

/** Whether two findings may each cause the other; the conditional consequence then decides. */
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
