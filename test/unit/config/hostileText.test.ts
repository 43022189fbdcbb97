import { describe, expect, it } from "vitest";
import { didYouMean, editDistance } from "../../../src/config/didYouMean.ts";
import { maxKeys, maxModels, maxProblems } from "../../../src/config/limits.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { budget, sampled } from "../../budget.ts";
import { attacks, growth } from "./growth.ts";

describe("a hostile config", () => {
  // By default, test/unit/host/longConfig.test.ts times others.
  it.each(sampled(Object.entries(attacks), 32, 16, 8))("is read in linear time: %s", (_, text) => {
    const ratio = growth(
      (size) => {
        const config = text(size);
        return () => {
          const { problems, rangeOf } = parseConfig(config);
          for (const { path, on } of problems) rangeOf(path, on);
        };
      },
      budget(5_000, 20_000),
    );
    expect(ratio).toBeLessThan(5.5);
  });

  it.each(Object.entries(attacks))("has few problems, each short: %s", (_, text) => {
    const { problems, config } = parseConfig(text(budget(4_000, 60_000)));
    expect(problems.length).toBeLessThanOrEqual(maxProblems + 1);
    for (const { message } of problems) expect(message.length).toBeLessThanOrEqual(1000);
    if (config === null) expect(problems.length).toBeGreaterThan(0);
  });

  it("reports how many problems are not listed one by one", () => {
    const keys = Array.from({ length: 4412 }, (_, i) => `"k${i}":1`).join(",");
    const { problems, config } = parseConfig(
      `{"data":{"task":"addingProblem","length":9},"training":{${keys}},"models":{"m":{"layers":[{"type":"dense","units":1}]}}}`,
    );
    expect(config).toBeNull();
    expect(problems).toHaveLength(maxProblems + 1);
    expect(problems[0]?.message).toMatch(/^training has no "k0"/);
    expect(problems.at(-1)).toEqual({ severity: "error", message: "And 4,312 more problems.", path: [], on: "value" });
  });

  it("stops reading after too many syntax errors, and keeps what it has parsed until then", () => {
    const { problems, source } = parseConfig(`{"models":{"m":{"layers":[]}},"x":[${"tru,".repeat(5000)}`);
    expect(problems).toHaveLength(maxProblems + 1);
    expect(problems.at(-1)?.message).toBe("More than 100 such errors; the rest was not read.");
    expect(source.root?.children?.[0]?.children?.[0]?.value).toBe("models");
  });

  it("reads a limited number of models, and reports that there are more", () => {
    const some = (n: number) =>
      parseConfig(
        `{"data":{"task":"addingProblem","length":9},"models":{${Array.from({ length: n }, (_, i) => `"${i}":{"layers":[{"type":"dense","units":1}]}`).join(",")}}}`,
      );
    expect(some(maxModels).problems).toEqual([]);
    expect(some(maxModels).config?.models).toHaveLength(maxModels);
    const more = some(maxModels + 1);
    expect(more.problems).toMatchObject([{ severity: "error", path: ["models"] }]);
    expect(more.problems[0]?.message).toContain("at most 500 models, not 501");
  });

  it("ignores objects that are too large", () => {
    const keys = Array.from({ length: maxKeys }, (_, i) => `"${i}":1`).join(",");
    const { config, problems } = parseConfig(
      `{"data":{"task":"copyMemory"},"training":{"classWeight":{${keys},"a":2}},"models":{"m":{"layers":[{"type":"dense","units":1}]}}}`,
    );
    expect(config).toBeNull();
    expect(problems.map((p) => p.message)).toContain("This object has 10,001 keys; only the first 10,000 are read.");
  });

  it("follows a limited chain of extended models", () => {
    const chain = (n: number) =>
      parseConfig(
        `{"data":{"task":"addingProblem","length":9},"models":{"m0":{"layers":[{"type":"dense","units":1}]}${Array.from({ length: n }, (_, i) => `,"m${i + 1}":{"extends":"m${i}"}`).join("")}}}`,
      ).problems;
    expect(chain(32)).toEqual([]);
    expect(chain(33)).toMatchObject([{ path: ["models", "m33", "extends"] }]);
  });

  it("gives each of many models its own settings", () => {
    const { config } = parseConfig(
      `{"data":{"task":"addingProblem","length":9},"training":{"steps":7},"models":{"2":{"layers":[{"type":"dense","units":1}]},"1":{"extends":"2","training":{"seed":3}},"a":{"extends":"2","data":{"length":8}}}}`,
    );
    expect(
      config?.models.map(({ name, training, data }) => [name, training.seed, "length" in data && data.length]),
    ).toEqual([
      ["2", 1, 9],
      ["1", 3, 9],
      ["a", 1, 8],
    ]);
  });
});

describe("didYouMean", () => {
  it("compares short words with the first candidates only", () => {
    expect(didYouMean("lstn", ["gru", "lstm"])).toBe(' Did you mean "lstm"?');
    expect(didYouMean("a".repeat(100), ["a".repeat(101)])).toBe("");
    let asked = 0;
    const endless = function* (): Generator<string> {
      for (;;) {
        asked++;
        yield "nothing";
      }
    };
    expect(didYouMean("other", endless())).toBe("");
    expect(asked).toBeLessThan(1000);
  });

  it("finds the same distances with a limit as without", () => {
    const words = ["", "a", "lstm", "lsmt", "lstmm", "stml", "gru", "abcdef", "badcfe", "units", "unist"];
    for (const a of words)
      for (const b of words)
        for (const limit of [1, 2, 3]) {
          const whole = editDistance(a, b);
          const bounded = editDistance(a, b, limit);
          if (whole <= limit) expect([a, b, bounded]).toEqual([a, b, whole]);
          else expect(bounded).toBeGreaterThan(limit);
        }
  });
});
