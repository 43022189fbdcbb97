import { afterEach, describe, expect, it } from "vitest";
import { verificationNotice } from "../../../src/host/commands/verificationNotice.ts";
import type { Verification } from "../../../src/protocol/verification.ts";
import { configText, type Harness, harness, target, uri } from "./runHarness.ts";

let h: Harness;
afterEach(() => h.dispose());

async function verified(): Promise<Verification> {
  const text = configText("good", "polite");
  h.store.open(uri, text);
  const { outcome } = await h.verifications.start(target(text, "good"), null);
  if (outcome?.kind !== "verified") throw new Error(JSON.stringify(outcome));
  return outcome.verification;
}

describe("the notice of a verification's end", () => {
  it("names the best fix with its figures, and offers to apply it", async () => {
    h = harness();
    const verification = await verified();
    const [first] = verification.fixes;
    if (!first) throw new Error("no fix");
    Object.assign(first, { verdict: "better", measured: "horizon 3 → 29" });
    Object.assign(verification.conclusion, { kind: "helps", headline: "1 of 5 fixes helps" });
    const notice = verificationNotice({
      model: "a$(zap)",
      continuable: false,
      outcome: { kind: "verified", verification },
    });
    expect(notice?.text).toBe(`a$\u2060(zap): 1 of 5 fixes helps. Best: ${first.fix.title} (horizon 3 → 29).`);
    expect(notice).toMatchObject({ isError: false, offers: ["apply", "showAll"], best: first.fix });
  });

  it("offers to continue what ended early", async () => {
    h = harness();
    const verification = await verified();
    const notice = verificationNotice({
      model: "good",
      continuable: true,
      outcome: { kind: "verified", verification },
    });
    expect(notice?.text).toContain(verification.conclusion.text);
    expect(notice?.offers).toEqual(["continue", "showAll"]);
  });

  it("says why a model cannot run, and nothing about what the user stopped", async () => {
    h = harness();
    const text = configText("refused", "good");
    const job = await h.verifications.start(target(text, "refused"), null);
    expect(verificationNotice(job)).toMatchObject({ text: "refused cannot run. No such file.", isError: true });
    expect(verificationNotice({ ...job, outcome: { kind: "cancelled" } })).toBeNull();
    expect(verificationNotice({ ...job, outcome: null })).toBeNull();
  });
});
