/** Chains of cause and effect are told once, at the cause: what follows from it becomes information that says so. */

import type { Finding, FindingCode } from "../protocol/finding.ts";

interface Consequence {
  readonly effect: FindingCode;
  readonly cause: FindingCode;
  /** Only where both are of the same layer. */
  readonly sameLayer: boolean;
  /** Only where the cause was seen at an earlier step than the effect. */
  readonly earlier?: true;
  readonly because: string;
}

const exploded = "The gradient explodes through time: see to that first.";
const dead = "Dead units cut the gradient off: see to them first.";
const saturated = "Saturated units cut the gradient off: see to them first.";
const diverged = "The loss diverged before: see to that first.";

const consequences: readonly Consequence[] = [
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
  { effect: "exploding-gradient", cause: "loss-diverging", sameLayer: false, earlier: true, because: diverged },
  { effect: "exploding-through-depth", cause: "loss-diverging", sameLayer: false, earlier: true, because: diverged },
  { effect: "saturated-units", cause: "loss-diverging", sameLayer: false, earlier: true, because: diverged },
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
 */
export function settle(findings: readonly Finding[]): readonly Finding[] {
  const graver = findings.filter((f) => f.severity !== "information");
  const overtaken = (f: Finding) =>
    consequences.some((c) => c.earlier && c.effect === f.code && graver.some((cause) => isCause(c, cause, f)));
  // What was itself overtaken by its effect is no cause of it.
  const causes = graver.filter((f) => !overtaken(f));
  const first = graver
    .filter((f) => f.code === "exploding-gradient")
    .sort((a, b) => a.step - b.step || (b.evidence["gradientNorm"] ?? 0) - (a.evidence["gradientNorm"] ?? 0))[0];
  const explained = graver.some((f) => f.code !== "loss-plateau");
  return findings
    .filter((f) => !explained || !untoldBesideGraver.includes(f.code))
    .map((f) => {
      if (f.severity !== "warning") return f;
      if (f.code === "exploding-gradient" && first && f !== first && !overtaken(first))
        return calmed(f, `It is part of what is told of ${first.layer}.`);
      const chain = consequences.find((c) => c.effect === f.code && causes.some((cause) => isCause(c, cause, f)));
      return chain ? calmed(f, chain.because) : f;
    });
}

function calmed(finding: Finding, because: string): Finding {
  return { ...finding, severity: "information", explanation: `${finding.explanation} ${because}` };
}

function isCause(consequence: Consequence, cause: Finding, effect: Finding): boolean {
  return (
    cause.code === consequence.cause &&
    (!consequence.sameLayer || cause.layer === effect.layer) &&
    (!consequence.earlier || cause.step < effect.step)
  );
}
