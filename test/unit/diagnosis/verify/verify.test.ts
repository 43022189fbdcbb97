import { describe, expect, it } from "vitest";
import { applyToText } from "../../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../../src/config/parse.ts";
import type { ResolvedModel } from "../../../../src/config/resolved.ts";
import { diagnose } from "../../../../src/diagnosis/diagnose.ts";
import type { Ran } from "../../../../src/diagnosis/verify/replicate.ts";
import {
  type ReplicateRequest,
  type VerifyMeans,
  type VerifyRequest,
  verify,
} from "../../../../src/diagnosis/verify/verify.ts";
import type { RunHistory } from "../../../../src/protocol/history.ts";
import { maxAlike, verificationSchema } from "../../../../src/protocol/verification.ts";
import { reaching, syntheticRun, times } from "../syntheticRun.ts";

const configText = `{
  // what is verified
  "data": { "task": "addingProblem", "length": 100 },
  "models": { "net": { "layers": [ { "type": "simpleRNN", "units": 4, "activation": "sigmoid", "name": "layer_0" }, { "type": "dense", "units": 1 } ] } }
}`;
const model = parseConfig(configText).config!.models[0]!;

const histories = new Map<string, RunHistory>();

/** Synthetic runs: with tanh the gradient reaches everywhere and the net learns; with anything else it does not. */
function ran({ model: arm }: ReplicateRequest): Ran {
  const entry = arm.layers[0]!;
  const heals = entry.args["activation"] === "tanh";
  const key = JSON.stringify([entry.type, entry.args]);
  const history =
    histories.get(key) ??
    syntheticRun(
      { layers: [{ type: entry.type, args: entry.args }, { type: "dense" }] },
      times(100, (i) => ({ loss: heals ? 0.167 - i * 0.001 : 0.167, states: [{ h: reaching(100, heals ? 99 : 5) }] })),
    ).history;
  histories.set(key, history);
  return { history, end: { kind: "completed" } };
}

function means({ run, ...over }: Partial<VerifyMeans> = {}): VerifyMeans & { readonly asked: ReplicateRequest[] } {
  const asked: ReplicateRequest[] = [];
  let time = 0;
  return {
    asked,
    run: async (request, signal) => {
      asked.push(request);
      time += 1000;
      return run ? run(request, signal) : ran(request);
    },
    progress: () => {},
    now: () => time,
    after: () => () => {},
    ...over,
  };
}

const request: VerifyRequest = { configText, model, finding: null, seeds: [1, 2, 3], steps: 100, budget: null };
const never = new AbortController().signal;

describe("verify", () => {
  it("runs the present model and every fix from the same seeds, the most promising first, and ranks them", async () => {
    const m = means();
    const outcome = await verify(request, m, never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    const { verification } = outcome;
    expect(verification).toMatchObject({ code: "vanishing-through-time", complete: true, steps: 100 });
    const arms = m.asked.length / 3;
    expect(arms).toBeGreaterThan(3);
    const activations = m.asked.map(
      (r) => `${r.model.layers[0]?.type} ${r.model.layers[0]?.args["activation"]} ${r.seed}`,
    );
    expect(m.asked.slice(0, arms).map((r) => r.seed)).toEqual(Array.from({ length: arms }, () => 1));
    expect(activations.slice(arms, arms + 4)).toEqual([
      "simpleRNN sigmoid 2",
      "simpleRNN sigmoid 3",
      "simpleRNN tanh 2",
      "simpleRNN tanh 3",
    ]);
    const [best, ...others] = verification.fixes;
    // Fixes with the same effect to the last digit are reported once.
    expect(verification.fixes.flatMap(({ alike }) => alike).length + verification.fixes.length + 1).toBe(arms);
    expect(others).toHaveLength(1);
    expect(best).toMatchObject({ verdict: "better", cleared: 3 });
    expect(best?.fix.title).toMatch(/tanh/);
    expect(best?.measured).toMatch(/^horizon 5 → 99 of 99, loss 0\.167 → 0\.07/);
    for (const other of others) expect(other.verdict).not.toBe("better");
    expect(verification.conclusion).toMatchObject({ kind: "helps", headline: "1 of 2 fixes helps", causes: [] });
    expect(verificationSchema.parse(structuredClone(verification))).toEqual(verification);
  });

  it("names some of very many fixes with the same effect, as many as the protocol takes", {
    tags: "thorough",
  }, async () => {
    const fixes = Array.from({ length: 2 * maxAlike }, (_, i) => ({
      id: `rate-${i}`,
      title: `Use rate ${i}`,
      edits: [
        { path: ["models", "net", "training"], value: { optimizer: { type: "sgd", learningRate: 0.001 * (i + 1) } } },
      ],
    }));
    const [finding] = diagnose(ran({ configText, model, seed: 1, steps: 100 }).history!, model);
    const outcome = await verify({ ...request, finding: { ...finding!, fixes } }, means(), never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    const { verification } = outcome;
    expect(verification.fixes.map(({ alike }) => alike.length)).toContain(maxAlike);
    expect(verificationSchema.parse(structuredClone(verification))).toEqual(verification);
  });

  it("gives the same answer to the same question", async () => {
    expect(await verify(request, means(), never)).toEqual(await verify(request, means(), never));
  });

  it("starts no run when time is up, and claims nothing from missing runs", async () => {
    const outcome = await verify({ ...request, budget: 3500 }, means(), never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    expect(outcome.verification.complete).toBe(false);
    expect(outcome.verification.fixes.map((f) => f.verdict)).not.toContain("better");
    const missing = outcome.verification.fixes.filter((f) => f.figures.runs === 0);
    expect(missing.length).toBeGreaterThan(0);
    for (const fix of missing) expect(fix).toMatchObject({ measured: "", verdict: "inconclusive" });
  });

  it("reaches a verdict on the most promising fix if there is no time for all", async () => {
    const all = means();
    await verify(request, all, never);
    const arms = all.asked.length / 3;
    const outcome = await verify({ ...request, budget: (arms + 4) * 1000, steps: 60 }, means(), never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    expect(outcome.verification).toMatchObject({ complete: false, steps: 60 });
    expect(outcome.verification.fixes[0]).toMatchObject({ verdict: "better" });
    expect(outcome.verification.fixes.slice(1).map((f) => f.verdict)).not.toContain("better");
  });

  /** Runs with given figures, decided by whether the layer's activation is tanh and by the training section. */
  function figures(
    of: (tanh: boolean, training: ResolvedModel["training"], seed: number) => readonly [number, number],
  ) {
    return means({
      run: async ({ model: { layers, training }, seed }) => {
        const { type, args } = layers[0]!;
        const [horizon, end] = of(args["activation"] === "tanh", training, seed);
        const { history } = syntheticRun(
          { layers: [{ type, args }, { type: "dense" }] },
          times(100, (i) => ({ loss: 0.167 + ((end - 0.167) * i) / 99, states: [{ h: reaching(100, horizon) }] })),
        );
        return { history, end: { kind: "completed" } };
      },
    });
  }

  it("tries the best fixes together if none suffices by itself, and returns them as one edit", async () => {
    const m = figures((tanh, { gradientNormRegularizer }) => {
      const regularized = gradientNormRegularizer !== null;
      return tanh && regularized ? [99, 0.05] : tanh || regularized ? [20, 0.167] : [5, 0.167];
    });
    const outcome = await verify(request, m, never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    const [best, ...others] = outcome.verification.fixes;
    expect(best).toMatchObject({ verdict: "better", cleared: 3 });
    expect(best?.fix.title).toMatch(/tanh.* and penalize timesteps/);
    const both = parseConfig(applyToText(configText, best!.fix.edits)).config?.models[0];
    expect(both?.layers[0]?.args).toMatchObject({ activation: "tanh" });
    expect(both?.training.gradientNormRegularizer).not.toBeNull();
    for (const { fix, verdict } of others) if (!fix.title.includes(" and ")) expect(verdict).not.toBe("better");
    expect(outcome.verification.complete).toBe(true);
  });

  it("fixes next what the runs with a fix are warned of", { tags: "thorough" }, async () => {
    // With tanh the gradient arrives, and only then the runs are warned of a plateau, for which another rate helps.
    const rate = model.training.optimizer.learningRate;
    const m = figures((tanh, { optimizer }) => [tanh ? 99 : 5, tanh && optimizer.learningRate > rate ? 0.05 : 0.167]);
    const outcome = await verify(request, m, never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    const [best, ...others] = outcome.verification.fixes;
    expect(best).toMatchObject({ verdict: "better", cleared: 3, figures: { runs: 3 } });
    expect(best?.fix.title).toMatch(/tanh.* and raise the learning rate/);
    const both = parseConfig(applyToText(configText, best!.fix.edits)).config?.models[0];
    expect(both?.layers[0]?.args).toMatchObject({ activation: "tanh" });
    expect(both?.training.optimizer.learningRate).toBeGreaterThan(rate);
    // The rate alone is run, too, to show that it takes both.
    const run = others.flatMap(({ fix, alike }) => [fix, ...alike]).map(({ title }) => title);
    expect(run).toContainEqual(expect.stringMatching(/^Raise the learning rate/));
    for (const { verdict } of others) expect(verdict).not.toBe("better");
  });

  it("does not run combinations if one fix suffices", async () => {
    const m = means();
    await verify(request, m, never);
    const asked = new Set(m.asked.map((r) => r.configText)).size;
    expect(m.asked).toHaveLength(3 * asked);
  });

  it("adds seeds for a fix that the first ones did not decide, and stops once they do", async () => {
    // One seed in the first three is unlucky.
    const m = figures((tanh, _, seed) => (tanh ? [99, seed === 2 ? 0.167 : 0.03] : [5, 0.167]));
    const outcome = await verify(request, m, never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    const [best] = outcome.verification.fixes;
    expect(best).toMatchObject({ verdict: "better", figures: { runs: 5 } });
    expect(best?.reason).toContain("below its baseline with 4 of 5 seeds");
    const seeds = m.asked.filter(({ model: arm }) => arm.layers[0]!.args["activation"] === "tanh").map((r) => r.seed);
    expect(Math.max(...seeds)).toBe(5);
    expect(outcome.verification.seeds).toEqual([1, 2, 3]);
  });

  it("gives up after eight pairs, and says what would have shown", { tags: "thorough" }, async () => {
    const m = figures((tanh, _, seed) => (tanh ? [99, seed % 2 ? 0.167 : 0.03] : [5, 0.167]));
    const outcome = await verify(request, m, never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    const [best] = outcome.verification.fixes;
    expect(best).toMatchObject({ verdict: "inconclusive", figures: { runs: 8 } });
    expect(best?.reason).toMatch(/with 4 of 8 seeds; with 8 seeds a loss .* would have shown$/);
    expect(outcome.verification.conclusion.kind).toBe("undecided");
  });

  it("says that the cause lies elsewhere if no fix helps", { tags: "thorough" }, async () => {
    const m = figures(() => [5, 0.167]);
    const outcome = await verify(request, m, never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    expect(outcome.verification.conclusion).toMatchObject({ kind: "none-helps" });
    expect(outcome.verification.conclusion.causes.join("\n")).toContain("data-scale");
  });

  describe("within a budget that is too short for a single run", () => {
    /** A clock that advances by a second per step of a run, until the run is ended. */
    function slow(secondsPerStep: number) {
      let time = 0;
      let due: { readonly at: number; readonly up: () => void } | null = null;
      const asked: number[] = [];
      const m = means({
        now: () => time,
        after: (milliseconds, up) => {
          due = { at: time + milliseconds, up };
          return () => {
            due = null;
          };
        },
        run: async (r, signal) => {
          asked.push(r.steps);
          const { history, end } = ran(r);
          const needed = r.steps * secondsPerStep * 1000;
          if (due === null || time + needed < due.at) {
            time += needed;
            return { history, end };
          }
          time = due.at;
          due.up();
          expect(signal.aborted).toBe(true);
          return { history, end: { kind: "cancelled" } };
        },
      });
      return { m, asked, time: () => time };
    }

    it("ends the first run and makes all runs shorter", async () => {
      // Synthetic histories have 100 steps, whatever was requested: 25 s for them, of 100 s.
      const { m, asked, time } = slow(0.02);
      const outcome = await verify({ ...request, steps: 10_000, budget: 100_000 }, m, never);
      if (outcome.kind !== "verified") throw new Error(outcome.kind);
      expect(time()).toBeLessThanOrEqual(100_000);
      expect(asked[0]).toBe(10_000);
      expect(new Set(asked.slice(1)).size).toBe(1);
      expect(asked[1]).toBeLessThan(300);
      expect(outcome.verification).toMatchObject({ complete: true, steps: asked[1] });
      expect(outcome.verification.fixes[0]).toMatchObject({ verdict: "better" });
    });

    it("claims nothing from runs that were cut short", async () => {
      const { m, time } = slow(10);
      const outcome = await verify({ ...request, steps: 300, budget: 100_000 }, m, never);
      if (outcome.kind !== "verified") throw new Error(outcome.kind);
      expect(time()).toBeLessThanOrEqual(100_000);
      expect(outcome.verification.complete).toBe(false);
      expect(outcome.verification.present.runs).toBe(1);
      for (const fix of outcome.verification.fixes)
        expect(fix).toMatchObject({
          verdict: "inconclusive",
          reason: "not run: time ran out, or the verification was cancelled",
          figures: { runs: 0 },
        });
    });
  });

  describe("if no fix has had the time to learn", () => {
    const longText = configText.replace('"models"', '"training": { "steps": 2000 }, "models"');
    const longModel = parseConfig(longText).config!.models[0]!;
    const asking: VerifyRequest = { ...request, configText: longText, model: longModel };
    const isTanh = ({ layers }: ResolvedModel): boolean => layers[0]!.args["activation"] === "tanh";

    /**
     * With every fix the gradient reaches; after 100 steps no net has left the baseline, after 200 the one with tanh
     * has.
     */
    function late({ model: arm, steps }: ReplicateRequest): Ran {
      const entry = arm.layers[0]!;
      const sound = JSON.stringify(arm) !== JSON.stringify({ ...longModel, training: arm.training });
      const { history } = syntheticRun(
        { layers: [{ type: entry.type, args: entry.args }, { type: "dense" }] },
        times(Math.min(steps, 400), (i) => ({
          loss: isTanh(arm) && i > 150 ? 0.05 : entry.type === "lstm" ? 0.1671 : entry.type === "gru" ? 0.1672 : 0.167,
          states: [{ h: reaching(100, sound ? 99 : 5) }],
        })),
      );
      return { history, end: { kind: "completed" } };
    }

    it("runs them for longer, all from one seed and the best from the others, and decides by these", async () => {
      const m = means({ run: async (r) => late(r) });
      const outcome = await verify(asking, m, never);
      if (outcome.kind !== "verified") throw new Error(outcome.kind);
      const { fixes, steps, conclusion, present } = outcome.verification;
      expect(fixes[0]).toMatchObject({
        verdict: "better",
        figures: { runs: 3 },
        measured: expect.stringMatching(/0\.05$/),
      });
      expect(fixes[0]?.fix.title).toMatch(/tanh/);
      expect(conclusion.kind).toBe("helps");
      expect(steps).toBe(400);
      expect(present.runs).toBe(3);
      const long = m.asked.filter((r) => r.steps === 400);
      const first = m.asked.indexOf(long[0]!);
      expect(m.asked.slice(0, first).every((r) => r.steps === 100)).toBe(true);
      expect(long.filter(({ model: arm }) => isTanh(arm)).map((r) => r.seed)).toEqual([1, 2, 3]);
      const waiting = new Set(long.map((r) => r.configText)).size - 1;
      // The present model and two fixes run from all seeds, the others from one.
      expect(long).toHaveLength(waiting + 3 + 2 * 2);
      // Figures of shorter runs are marked as such.
      const told = fixes.filter(({ measured }) => measured.endsWith("(100 steps; 0.167 after 400)"));
      expect(told.length).toBeGreaterThan(0);
      for (const {
        figures: { loss },
      } of told)
        expect(loss.median).toBeCloseTo(0.167, 3);
      expect(verificationSchema.parse(structuredClone(outcome.verification))).toEqual(outcome.verification);
    });

    it("does not if full training is no longer, or one of them already helps", { tags: "thorough" }, async () => {
      const short = parseConfig(longText.replace("2000", "100")).config!.models[0]!;
      const m = means({ run: async (r) => late(r) });
      await verify({ ...asking, configText: longText.replace("2000", "100"), model: short }, m, never);
      expect(new Set(m.asked.map((r) => r.steps))).toEqual(new Set([100]));
      const helped = means();
      await verify(asking, helped, never);
      expect(new Set(helped.asked.map((r) => r.steps))).toEqual(new Set([100]));
    });

    /** Every run of 100 steps takes a second. */
    function timed(budget: number) {
      let time = 0;
      let due: { readonly at: number; readonly up: () => void } | null = null;
      const asked: number[] = [];
      const m = means({
        now: () => time,
        after: (milliseconds, up) => {
          due = { at: time + milliseconds, up };
          return () => {
            due = null;
          };
        },
        run: async (r) => {
          // The second round takes three times as long as the first one suggests.
          const needed = 10 * r.steps * (r.steps > 100 ? 3 : 1);
          asked.push(r.steps);
          if (due === null || time + needed < due.at) {
            time += needed;
            return late(r);
          }
          time = due.at;
          due.up();
          return { ...late(r), end: { kind: "cancelled" } };
        },
      });
      return { outcome: verify({ ...asking, budget }, m, never), asked, time: () => time };
    }

    it("keeps to the budget, and discards what it had no time to finish", { tags: "thorough" }, async () => {
      const free = means({ run: async (r) => late(r) });
      await verify(asking, free, never);
      const shortRuns = free.asked.filter((r) => r.steps === 100).length;
      const longRuns = free.asked.length - shortRuns;
      // Just enough time to start runs of twice as many steps.
      const budget = 1500 * shortRuns + 2000 * longRuns;
      const run = timed(budget);
      const outcome = await run.outcome;
      if (outcome.kind !== "verified") throw new Error(outcome.kind);
      expect(run.time()).toBeLessThanOrEqual(budget);
      expect(run.asked.some((steps) => steps > 100)).toBe(true);
      const { fixes, steps, complete, conclusion } = outcome.verification;
      expect(complete).toBe(true);
      expect(steps).toBe(100);
      for (const { verdict, measured } of fixes) {
        expect(verdict).not.toBe("better");
        expect(measured).not.toContain("steps");
      }
      expect(conclusion.kind).toBe("undecided");
      const brief = timed(1500 * shortRuns + 500);
      expect((await brief.outcome).kind).toBe("verified");
      expect(new Set(brief.asked)).toEqual(new Set([100]));
    });
  });

  it("is cancelled before there is any result", async () => {
    const controller = new AbortController();
    const m = means({
      run: async (r) => {
        controller.abort();
        return ran(r);
      },
    });
    expect(await verify(request, m, controller.signal)).toEqual({ kind: "cancelled" });
  });

  it("reports that a sound model has nothing to verify", async () => {
    const sound = configText.replace("sigmoid", "tanh");
    const m = parseConfig(sound).config!.models[0]!;
    expect(await verify({ ...request, configText: sound, model: m }, means(), never)).toMatchObject({ kind: "sound" });
  });

  it("reports why a model cannot be run", async () => {
    const end = { kind: "failed", message: "no memory" } as const;
    const m = means({ run: async () => ({ end, history: null }) });
    expect(await verify(request, m, never)).toEqual({ kind: "ended", ran: { end, history: null } });
  });

  it("does not run fixes that equal runs cannot show: a longer training, another required lag", async () => {
    const longer = { id: "longer", title: "Train longer", edits: [{ path: ["training", "steps"], value: 5000 }] };
    const lag = { id: "lag", title: "Say the lag", edits: [{ path: ["diagnosis", "requiredLag"], value: 3 }] };
    const sigmoid = ran({ configText, model, seed: 1, steps: 100 });
    const [found] = diagnose(sigmoid.history!, model);
    const finding = { ...found!, fixes: [longer, lag] };
    const outcome = await verify({ ...request, finding }, means(), never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    expect(outcome.verification.impossible).toEqual([
      { title: "Train longer", reason: expect.stringContaining("only full training can show it") },
      { title: "Say the lag", reason: "it changes only what the diagnosis asks for, not the net" },
    ]);
    expect(outcome.verification.fixes.map(({ fix }) => fix.id)).not.toContain("longer");
  });

  it("sets aside a fix that the engine refuses", async () => {
    const m = means({
      run: async (r) =>
        r.model.layers[0]!.type === "lstm" ? { end: { kind: "failed", message: "no memory" }, history: null } : ran(r),
    });
    const outcome = await verify(request, m, never);
    if (outcome.kind !== "verified") throw new Error(outcome.kind);
    expect(outcome.verification.impossible).toEqual([{ title: expect.stringMatching(/LSTM/), reason: "no memory" }]);
    expect(outcome.verification.complete).toBe(true);
    expect(outcome.verification.fixes[0]?.verdict).toBe("better");
  });
});
