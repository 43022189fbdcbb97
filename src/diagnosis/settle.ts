/** Chains of cause and effect are told once, at the cause: what follows from it becomes information that says so. */

import type { Finding, FindingCode } from "../protocol/finding.ts";

interface Consequence {
  readonly effect: FindingCode;
  readonly cause: FindingCode;
  /** Only where both are of the same layer. */
  readonly sameLayer: boolean;
  readonly because: string;
}

const exploded = "The gradient explodes through time: see to that first.";
const dead = "Dead units cut the gradient off: see to them first.";
const saturated = "Saturated units cut the gradient off: see to them first.";
const elsewhere = "Another finding says why: see to that first.";

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
    cause: "exploding-gradient",
    sameLayer: false,
    because: "Exploding gradients make the updates overshoot: see to them first.",
  },
  {
    effect: "loss-diverging",
    cause: "non-finite",
    sameLayer: false,
    because: "It ended in NaN or Infinity: see there.",
  },
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
  ...(
    [
      "non-finite",
      "vanishing-through-time",
      "exploding-through-time",
      "exploding-gradient",
      "vanishing-through-depth",
      "exploding-through-depth",
      "dead-units",
      "saturated-units",
      "saturated-gates",
      "loss-diverging",
    ] as const
  ).map((cause): Consequence => ({ effect: "loss-plateau", cause, sameLayer: false, because: elsewhere })),
];

/** Effects as information; `update-ratio` not at all where something graver explains it. */
export function settle(findings: readonly Finding[]): readonly Finding[] {
  const causes = findings.filter((f) => f.severity !== "information");
  return findings
    .filter((f) => f.code !== "update-ratio" || causes.length === 0)
    .map((f) => {
      if (f.severity !== "warning") return f;
      const chain = consequences.find((c) => c.effect === f.code && causes.some((cause) => isCause(c, cause, f)));
      return chain ? { ...f, severity: "information", explanation: `${f.explanation} ${chain.because}` } : f;
    });
}

function isCause(consequence: Consequence, cause: Finding, effect: Finding): boolean {
  return cause.code === consequence.cause && (!consequence.sameLayer || cause.layer === effect.layer);
}
