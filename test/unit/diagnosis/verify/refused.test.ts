import { describe, expect, it } from "vitest";
import { applyToText } from "../../../../src/config/applyEdits.ts";
import type { Fix } from "../../../../src/config/fix.ts";
import { parseConfig } from "../../../../src/config/parse.ts";
import type { Problem } from "../../../../src/config/problem.ts";
import type { Ran } from "../../../../src/diagnosis/verify/replicate.ts";
import { type ReplicateRequest, type VerifyMeans, verify } from "../../../../src/diagnosis/verify/verify.ts";
import { type Verification, verificationSchema } from "../../../../src/protocol/verification.ts";
import { syntheticRun, times } from "../syntheticRun.ts";

const configText = `{
  "data": { "task": "addingProblem", "length": 20 },
  "models": { "net": { "layers": [ { "type": "simpleRNN", "units": 4, "name": "layer_0" }, { "type": "dense", "units": 1, "activation": "softmax" } ] } }
}`;
const model = parseConfig(configText).config!.models[0]!;

const activation = (value: string): Fix => ({
  id: `activation-${value}`,
  title: `Use ${value}`,
  edits: [{ path: ["models", "net", "layers", 1, "activation"], value }],
});
const units: Fix = {
  id: "units",
  title: "Give the first layer 8 units",
  edits: [{ path: ["models", "net", "layers", 0, "units"], value: 8 }],
};

function refused(...fixes: readonly Fix[]): Ran {
  const problem: Problem = { severity: "error", message: "This cannot work.", path: [], on: "value", fixes };
  return { end: { kind: "refused", problems: [problem] }, history: null };
}

function trained(learns: boolean): Ran {
  const { history } = syntheticRun(
    { layers: [{ type: "simpleRNN" }, { type: "dense" }] },
    times(100, (i) => ({ loss: learns ? 0.167 - i * 0.001 : 0.167 })),
  );
  return { history, end: { kind: "completed" } };
}

const never = new AbortController().signal;

async function verified(
  run: (request: ReplicateRequest) => Ran,
  over: Partial<VerifyMeans> & { readonly budget?: number } = {},
): Promise<Verification> {
  let time = 0;
  const { budget = null, ...means } = over;
  const outcome = await verify(
    { configText, model, finding: null, seeds: [1, 2, 3], steps: 100, budget },
    {
      run: async (request) => {
        time += 1000;
        return run(request);
      },
      progress: () => {},
      now: () => time,
      after: () => () => {},
      ...means,
    },
    never,
  );
  if (outcome.kind !== "verified") throw new Error(outcome.kind);
  expect(verificationSchema.parse(outcome.verification)).toEqual(outcome.verification);
  return outcome.verification;
}

const lastActivation = ({ model: { layers } }: ReplicateRequest) => layers[1]?.args["activation"];

describe("a model that is refused before its first step", () => {
  it("has its fixes run alone: a fix is better if it makes the model learn", async () => {
    const verification = await verified((request) => {
      if (lastActivation(request) === "softmax") return refused(activation("sigmoid"), activation("linear"));
      return trained(lastActivation(request) === "linear");
    });
    expect(verification).toMatchObject({ code: null, layer: null, complete: true, present: { runs: 0 } });
    const [best, other] = verification.fixes;
    expect(best).toMatchObject({
      fix: { id: "activation-linear" },
      verdict: "better",
      reason: "it can be trained, and the loss is below its baseline with 3 of 3 seeds",
      figures: { runs: 3 },
    });
    expect(best?.measured).toMatch(/^cannot be trained → loss 0\.07\d* \(baseline 0\.167\)$/);
    expect(other).toMatchObject({ fix: { id: "activation-sigmoid" }, verdict: "inconclusive" });
    expect(verification.conclusion).toMatchObject({ kind: "helps", headline: "1 of 2 fixes helps" });
  });

  it("fixes one after the other what is found one after the other", async () => {
    const verification = await verified((request) => {
      if (lastActivation(request) === "softmax") return refused(activation("linear"));
      return request.model.layers[0]?.args["units"] === 8 ? trained(true) : refused(units);
    });
    expect(verification.fixes).toHaveLength(1);
    const [both] = verification.fixes;
    expect(both).toMatchObject({ verdict: "better", fix: { title: "Use linear and give the first layer 8 units" } });
    expect(verification.impossible).toEqual([]);
    const edited = parseConfig(applyToText(configText, both!.fix.edits)).config!.models[0]!;
    expect([edited.layers[0]?.args["units"], edited.layers[1]?.args["activation"]]).toEqual([8, "linear"]);
  });

  it("says so if no fix makes it trainable, or none makes it learn", async () => {
    const never = await verified(() => refused(activation("sigmoid")));
    expect(never).toMatchObject({ fixes: [], conclusion: { kind: "none-helps", headline: "no fix lets it train" } });
    expect(never.impossible).toEqual([{ title: "Use sigmoid", reason: "This cannot work." }]);
    const stands = await verified((request) =>
      lastActivation(request) === "softmax" ? refused(activation("sigmoid")) : trained(false),
    );
    expect(stands.fixes[0]).toMatchObject({ verdict: "inconclusive" });
    expect(stands.conclusion).toMatchObject({ kind: "undecided", headline: "it can be trained" });
  });

  it("claims nothing about what there was no time for", async () => {
    const verification = await verified(
      (request) =>
        lastActivation(request) === "softmax" ? refused(activation("sigmoid"), activation("linear")) : trained(true),
      { budget: 3500 },
    );
    expect(verification.complete).toBe(false);
    for (const { verdict } of verification.fixes) expect(verdict).toBe("inconclusive");
    expect(verification.conclusion.kind).toBe("undecided");
  });

  it("is only reported if no edit fixes it", async () => {
    const end = { kind: "refused", problems: [] } as const;
    const outcome = await verify(
      { configText, model, finding: null, seeds: [1], steps: 100, budget: null },
      { run: async () => ({ end, history: null }), progress: () => {}, now: () => 0, after: () => () => {} },
      never,
    );
    expect(outcome).toMatchObject({ kind: "ended", ran: { end } });
  });
});
