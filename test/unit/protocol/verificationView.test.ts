import { describe, expect, it } from "vitest";
import { fromPanelSchema, type ToPanel, toPanelSchema } from "../../../src/protocol/panelMessages.ts";
import type { ArmFigures, Verification } from "../../../src/protocol/verification.ts";
import { packArm, unpackArm, type VerificationView, verifiedView } from "../../../src/protocol/verificationView.ts";

const arm: ArmFigures = {
  horizon: { median: 34, min: 33, max: 35 },
  requiredLag: 99,
  survival: { median: -5.8, min: Number.NEGATIVE_INFINITY, max: -5 },
  gain: { median: 0.87, min: 0, max: 0.9 },
  loss: { median: Number.POSITIVE_INFINITY, min: 0.1, max: Number.POSITIVE_INFINITY },
  baseline: 0.167,
  gradientNorm: { median: 1, min: 0.5, max: Number.NaN },
  runs: 3,
  diverged: 2,
  findings: { "vanishing-through-time": 3 },
};
const verification: Verification = {
  model: "tanh",
  code: "vanishing-through-time",
  layer: "simple_rnn",
  seeds: [7, 8, 9],
  steps: 300,
  present: arm,
  fixes: [
    {
      fix: { id: "tanh", title: "Use tanh", edits: [{ path: ["models", "tanh"], value: "secret" }] },
      verdict: "better",
      reason: "clears the finding",
      measured: "loss 1 → 2",
      cleared: 3,
      figures: arm,
      remaining: ["exploding-gradient"],
      alike: [{ id: "same", title: "Do the same", edits: [{ path: ["models", "tanh"], value: "secret" }] }],
    },
  ],
  impossible: [],
  complete: true,
  conclusion: { kind: "helps", headline: "1 of 1 fix helps", text: "1 of 1 fix helps.", causes: [] },
};
const view: VerificationView = {
  id: 1,
  config: "/c",
  model: "tanh",
  stale: false,
  continuable: false,
  state: { kind: "done", result: verifiedView(verification) },
};

describe("a verification on its way to the panel", () => {
  it("keeps non-finite figures and missing ones", () => {
    const { findings: _, ...shown } = arm;
    expect(unpackArm(packArm(arm))).toEqual(shown);
    const plain = { ...shown, horizon: null, survival: null, gain: null, requiredLag: null, baseline: null };
    expect(unpackArm(packArm(plain))).toEqual(plain);
  });

  it("is checked, and carries no edit", () => {
    const message: ToPanel = { type: "verification", verification: view };
    expect(toPanelSchema.parse(message)).toEqual(message);
    expect(JSON.stringify(message)).not.toContain("secret");
    expect(toPanelSchema.safeParse({ type: "verification", verification: null }).success).toBe(true);
    for (const change of [{ id: 0 }, { stale: 1 }, { edits: [] }, { state: { kind: "busy" } }])
      expect(toPanelSchema.safeParse({ type: "verification", verification: { ...view, ...change } }).success).toBe(
        false,
      );
  });
});

describe("what the panel may ask of a verification", () => {
  it("uses names only", () => {
    for (const message of [
      { type: "verify", findingId: "a|b|c|" },
      { type: "verify", findingId: null },
      { type: "stopVerifying" },
      { type: "applyVerified", verification: 3, fixId: "tanh" },
    ])
      expect(fromPanelSchema.parse(message)).toEqual(message);
    for (const message of [
      { type: "verify" },
      { type: "verify", findingId: 3 },
      { type: "verify", findingId: "a", uri: "file:///etc/passwd" },
      { type: "applyVerified", fixId: "tanh" },
      { type: "applyVerified", verification: 3, fixId: "tanh", edits: [] },
      { type: "applyVerified", verification: 3, fix: { id: "tanh", edits: [] } },
      { type: "applyVerified", verification: 3, fixId: "x".repeat(201) },
    ])
      expect(fromPanelSchema.safeParse(message).success).toBe(false);
  });
});
