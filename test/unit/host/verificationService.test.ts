import { afterEach, describe, expect, it, vi } from "vitest";
import { lensesOf } from "../../../src/host/inline/lenses.ts";
import { EngineSupervisor } from "../../../src/host/runs/engineSupervisor.ts";
import { verifiedFix } from "../../../src/host/verify/verifiedFixes.ts";
import { configText, ended, type Harness, harness, target, uri } from "./runHarness.ts";

let h: Harness;
afterEach(() => h.dispose());

function lens(name: string): string | undefined {
  const titles = lensesOf(h.store.view(uri)!, true).filter(({ args }) => args.includes(name));
  return titles.map(({ title }) => title).find((title) => /erify|fix|Continue/.test(title));
}

describe("VerificationService", () => {
  it("runs the model beside each fix from three seeds and hands the figures to the lens and the fixes", async () => {
    h = harness();
    const text = configText("good", "polite");
    h.store.open(uri, text);
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    expect(lens("good")).toBe("Verify fixes");

    const seen: string[] = [];
    h.verifications.onChange(() => {
      const now = lens("good");
      if (now !== undefined && now !== seen.at(-1)) seen.push(now);
    });
    const job = await h.verifications.start(target(text, "good"), null);
    if (job.outcome?.kind !== "verified") throw new Error(JSON.stringify(job.outcome));
    const { verification } = job.outcome;
    // The scripted engine always answers the same, so no fix makes a difference.
    expect(verification.seeds).toEqual([1, 2, 3]);
    expect(verification.present.runs).toBe(3);
    expect(verification.fixes.flatMap(({ alike }) => alike).length).toBeGreaterThan(0);
    for (const fix of verification.fixes) expect(fix).toMatchObject({ verdict: "no difference", cleared: 0 });
    expect(seen[0]).toMatch(/^\$\(debug-stop\) Stop verifying, run 1 of /);
    expect(lens("good")).toMatch(/^(the fix does not help|none of \d+ fixes helps)$/);

    const model = h.store.view(uri)!.models[0]!;
    const fix = model.findings[0]!.finding.fixes[0]!;
    expect(verifiedFix(model, fix)?.fix.fix).toEqual(fix);
    // A fix with the same effect to the last digit was measured, too.
    const same = verification.fixes[0]!.alike[0]!;
    expect(verifiedFix(model, same)?.fix.alike).toContainEqual(same);
    expect(h.errors).toEqual([]);
  });

  it("is no longer shown once the model's meaning has changed", { tags: "thorough" }, async () => {
    h = harness();
    const text = configText("good", "polite");
    h.store.open(uri, text);
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    await h.verifications.start(target(text, "good"), null);
    expect(h.store.view(uri)!.models[0]!.verification).toBeDefined();
    const edited = text.replace('"sigmoid"', '"tanh"');
    h.store.change(uri, edited, [{ offset: text.indexOf('"sigmoid"'), length: 9, inserted: 6 }]);
    expect(h.store.view(uri)!.models[0]!.verification).toBeUndefined();
    expect(lens("good")).toBe("Verify fixes");
  });

  it("ends a verification that is stopped or restarted", { tags: "thorough" }, async () => {
    h = harness();
    const text = configText("polite", "good");
    h.store.open(uri, text);
    const first = h.verifications.start(target(text, "polite"), null);
    const second = h.verifications.start(target(text, "polite"), null);
    expect((await first).outcome).toEqual({ kind: "cancelled" });
    setTimeout(() => h.verifications.stop(uri, "polite"), 200);
    expect((await second).outcome).toEqual({ kind: "cancelled" });
    expect(h.verifications.going).toEqual([]);
  });

  it("continues one that ended early without repeating a run", async () => {
    h = harness();
    const text = configText("good", "polite");
    h.store.open(uri, text);
    await ended(h.runs, h.runs.start("probe", target(text, "good"), "user"));
    const runs = vi.spyOn(EngineSupervisor.prototype, "run");
    const made = (): unknown[] =>
      runs.mock.calls.map(([m]) => (m.type === "run" ? [m.configText, m.seed, m.steps] : m));
    const stopping = h.verifications.onChange((job) => job.done >= 5 && h.verifications.stop(uri, "good"));
    const first = await h.verifications.start(target(text, "good"), null);
    stopping.dispose();
    expect(first.outcome).toMatchObject({ kind: "verified", verification: { complete: false } });
    expect(lens("good")).toMatch(/^undecided: \d+ of \d+ runs · Continue$/);
    const before = made();
    const finished = before.slice(0, 5);
    const counts: number[] = [];
    const watching = h.verifications.onChange(({ done }) => counts.push(done));
    const second = await h.verifications.start(target(text, "good"), null);
    watching.dispose();
    expect(second.outcome).toMatchObject({ kind: "verified", verification: { complete: true } });
    // It never says that it begins with its first run again.
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(finished.length);
    const added = made().slice(before.length);
    expect(added.length).toBeGreaterThan(0);
    for (const one of finished) expect(added).not.toContainEqual(one);
    expect(lens("good")).not.toMatch(/Continue/);
    // A complete one starts afresh.
    await h.verifications.start(target(text, "good"), null);
    expect(made().slice(before.length + added.length)).toEqual(expect.arrayContaining(finished));
    runs.mockRestore();
  });

  it("says why a model cannot be run", async () => {
    h = harness();
    const text = configText("refused", "good");
    const job = await h.verifications.start(target(text, "refused"), null);
    expect(job.outcome).toMatchObject({ kind: "ended", ran: { end: { kind: "refused" }, history: null } });
  });
});
