import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Run } from "../../../src/host/runs/run.ts";
import { verificationOf } from "../../../src/host/verify/verifiedFixes.ts";
import { PanelVerification } from "../../../src/host/views/panelVerification.ts";
import { toPanelSchema } from "../../../src/protocol/panelMessages.ts";
import type { FixVerdict } from "../../../src/protocol/verification.ts";
import type { VerificationView } from "../../../src/protocol/verificationView.ts";
import { configText, ended, type Harness, harness, target, uri } from "./runHarness.ts";

let h: Harness;
let panel: PanelVerification;
let run: Run | undefined;
let seen: (VerificationView | null)[] = [];
let asked: unknown[] = [];

beforeEach(async () => {
  h = harness();
  seen = [];
  asked = [];
  panel = new PanelVerification({
    verifications: h.verifications,
    store: h.store,
    selected: () => run,
    changed: () => seen.push(panel.view()),
    verify: ({ runId }, findingId) => asked.push(["verify", runId, findingId]),
    apply: ({ name }, verification, fixId, preview) =>
      asked.push([preview ? "preview" : "apply", name, verification, fixId]),
  });
  const text = configText("good", "polite");
  h.store.open(uri, text);
  run = h.runs.start("probe", target(text, "good"), "user");
  await ended(h.runs, run);
});
afterEach(() => {
  panel.dispose();
  h.dispose();
});

const verify = () => h.verifications.start(target(configText("good", "polite"), "good"), null);
const edit = (from: string, to: string): void => {
  const before = h.store.view(uri)!.text;
  h.store.change(uri, before.replace(from, to), [
    { offset: before.indexOf(from), length: from.length, inserted: to.length },
  ]);
};

/** Marks the first fix with this verdict; the scripted engine's figures never differ. */
function find(verdict: FixVerdict): { readonly verification: number; readonly fixId: string } {
  const job = h.verifications.of(uri, "good")!;
  const measured = verificationOf(h.store.view(uri)!.models[0]!)!.fixes[0]!;
  Object.assign(measured, { verdict });
  return { verification: job.id, fixId: measured.fix.id };
}

describe("a verification in the panel", () => {
  it("goes from waiting over its runs to its figures", async () => {
    expect(panel.view()).toBeNull();
    const job = await verify();
    expect(seen[0]?.state).toEqual({ kind: "busy", progress: { done: 0, total: 1, what: "", seed: 1, seeds: 1 } });
    const stages = seen.flatMap((v) => (v?.state.kind === "busy" ? [v.state.progress] : []));
    expect(stages).toContainEqual(expect.objectContaining({ what: "the present model", seed: 3, seeds: 3 }));
    expect(stages.map(({ done }) => done)).toEqual(stages.map(({ done }) => done).sort((a, b) => a - b));
    const view = panel.view()!;
    expect(view).toMatchObject({ id: job.id, config: "/project/gradlens.json", model: "good", stale: false });
    expect(view.state).toMatchObject({ kind: "done", result: { seeds: 3, complete: true } });
    for (const verification of [...seen, view])
      expect(toPanelSchema.safeParse({ type: "verification", verification }).success).toBe(true);
  });

  it("belongs to the displayed run only, and is marked when its model was edited since", {
    tags: "thorough",
  }, async () => {
    await verify();
    seen = [];
    edit('"units": 2, "activation": "sigmoid"', '"units": 3, "activation": "sigmoid"');
    expect(seen.map((v) => v?.stale)).toEqual([true]);
    edit('"polite": {', '"other": {');
    expect(seen).toHaveLength(1);
    edit('"units": 3, "activation": "sigmoid"', '"units": 2, "activation": "sigmoid"');
    expect(seen.map((v) => v?.stale)).toEqual([true, false]);
    run = undefined;
    expect(panel.view()).toBeNull();
  });

  it("starts for a finding of the run, and for no other", () => {
    const findingId = run!.findings.find(({ fixes }) => fixes.length > 0)!.id;
    panel.receive({ type: "verify", findingId: "exploding-gradient|good|nothing|" });
    expect(asked).toEqual([]);
    panel.receive({ type: "verify", findingId });
    panel.receive({ type: "verify", findingId: null });
    expect(asked).toEqual([
      ["verify", run!.runId, findingId],
      ["verify", run!.runId, null],
    ]);
    edit('"units": 2, "activation": "sigmoid"', '"units": 3, "activation": "sigmoid"');
    panel.receive({ type: "verify", findingId });
    expect(asked).toHaveLength(2);
  });

  it("is stopped", async () => {
    const going = verify();
    panel.receive({ type: "stopVerifying" });
    expect((await going).outcome).toEqual({ kind: "cancelled" });
    expect(panel.view()?.state).toEqual({ kind: "failed", message: "Stopped." });
  });

  it("applies a fix that it showed as better, and nothing else", async () => {
    await verify();
    panel.receive({ type: "applyVerified", ...find("no difference") });
    const better = find("better");
    panel.receive({ type: "applyVerified", ...better, verification: better.verification + 1 });
    panel.receive({ type: "applyVerified", ...better, fixId: "format-the-disk" });
    expect(asked).toEqual([]);
    panel.receive({ type: "applyVerified", ...better });
    panel.receive({ type: "previewVerified", ...better });
    expect(asked).toEqual([
      ["apply", "good", better.verification, better.fixId],
      ["preview", "good", better.verification, better.fixId],
    ]);
  });
});
