import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Output } from "../../../src/cli/io.ts";
import { againstBase, changes } from "../../../src/cli/report/againstBase.ts";
import { type ReportedRun, ranked } from "../../../src/cli/report/comparedRuns.ts";
import { comparisonTable, findingsText } from "../../../src/cli/report/comparisonTable.ts";
import { styleFor } from "../../../src/cli/report/style.ts";
import type { RunFigures } from "../../../src/protocol/figures.ts";

const output = (colour: boolean): Output => ({ write: async () => {}, tty: colour, colour, columns: 80 });
const plain = styleFor(output(false));

const good: RunFigures = {
  steps: 2000,
  loss: 0.0021,
  bestLoss: 0.001,
  testLoss: Number.NaN,
  baselineLoss: 0.167,
  horizon: 99,
  requiredLag: 99,
  decades: -0.2,
  gain: 0.995,
  largestGradientNorm: 4.31,
  errors: 0,
  warnings: 0,
  notes: 1,
};
const bad: RunFigures = { ...good, loss: 0.168, bestLoss: 0.1, horizon: 34, decades: -7.41, gain: 0.87, warnings: 2 };
const run = (name: string, figures: RunFigures | null, base: string | null = null): ReportedRun => ({
  name,
  base,
  figures,
  end: "refused",
});
const order = (runs: readonly ReportedRun[]): readonly string[] =>
  ranked(runs).map(({ run: r, depth }) => "-".repeat(depth) + r.name);

describe("the order of compared runs", () => {
  it("goes by loss, with each run below the one that it extends, and runs without a loss last", () => {
    const nan = { ...bad, loss: Number.NaN };
    expect(
      order([
        run("refused", null),
        run("nan", nan),
        run("middle", { ...bad, loss: 0.1 }),
        run("base", bad),
        run("worse", { ...bad, loss: 0.5 }, "base"),
        run("fixed", good, "base"),
        run("refined", good, "fixed"),
        run("orphan", { ...bad, loss: 0.12 }, "not run"),
      ]),
    ).toEqual(["base", "-fixed", "--refined", "-worse", "middle", "orphan", "nan", "refused"]);
  });
});

describe("the comparison table", () => {
  it("has every figure if there is room, with numbers under their heads", () => {
    const lines = comparisonTable([run("tanh", bad), run("chrono", good, "tanh")], 120, plain);
    expect(lines.slice(0, 3)).toEqual([
      "model     steps    loss   best  baseline  reach  decades    gain  max ‖∇‖  findings",
      "tanh       2000   0.168    0.1     0.167  34/99     −7.4   ×0.87     4.31  2 warnings +1",
      "└ chrono   2000  0.0021  0.001     0.167  99/99     −0.2  ×0.995     4.31  1 note",
    ]);
  });

  it("has the test loss if some run has one, and shows how it changed", () => {
    const tested = { ...good, testLoss: 0.0043 };
    const lines = comparisonTable([run("tanh", bad), run("chrono", tested)], 120, plain);
    expect(lines.slice(0, 3).map((l) => l.slice(0, 46))).toEqual([
      "model   steps    loss   best    test  baseline",
      "chrono   2000  0.0021  0.001  0.0043     0.167",
      "tanh     2000   0.168    0.1       –     0.167",
    ]);
    expect(changes({ ...bad, testLoss: 0.172 }, tested)).toContain("test loss 0.172 → 0.0043 (×0.025)");
    expect(changes(bad, tested)).not.toContain("test");
  });

  it("drops columns before it breaks a line, and then states the common baseline", () => {
    const lines = comparisonTable([run("tanh", bad), run("chrono", good, "tanh")], 60, plain);
    expect(lines[0]).toBe("model       loss  reach  decades  max ‖∇‖  findings");
    expect(lines.join("\n")).toContain("baseline: 0.167");
  });

  it("is never wider than a terminal of at least 50 columns", () => {
    const figure = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e-38, -123_456));
    const figures = fc.record({
      steps: fc.nat(1e7),
      loss: figure,
      bestLoss: figure,
      testLoss: figure,
      baselineLoss: figure,
      horizon: fc.nat(2000),
      requiredLag: fc.nat(2000),
      decades: figure,
      gain: figure.map(Math.abs),
      largestGradientNorm: figure.map(Math.abs),
      errors: fc.nat(3),
      warnings: fc.nat(3),
      notes: fc.nat(3),
    });
    const runs = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 60 }), fc.option(figures)), { minLength: 1 });
    fc.assert(
      fc.property(runs, fc.integer({ min: 50, max: 120 }), (all, width) => {
        const lines = comparisonTable(
          all.map(([name, f], i) => run(`${i}${name}`, f, i > 1 ? `${i - 1}${all[i - 1]?.[0]}` : null)),
          width,
          plain,
        );
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("omits figures that no run has, and shows how a run ended if it has none", () => {
    const unknown = { ...good, horizon: Number.NaN, requiredLag: Number.NaN, decades: Number.NaN, gain: Number.NaN };
    const lines = comparisonTable([run("dense", unknown), run("broken", null)], 120, plain);
    expect(lines[0]).not.toMatch(/reach|decades|gain/);
    expect(lines[2]).toBe("broken  refused");
  });

  it("has colours on a terminal that supports them, and none elsewhere", () => {
    const sgr = "\u001b";
    expect(comparisonTable([run("a", bad)], 80, plain).join("")).not.toContain(sgr);
    expect(comparisonTable([run("a", bad)], 80, styleFor(output(true)))[1]).toContain(`${sgr}[33m`);
  });
});

describe("before and after", () => {
  it("puts a run's figures beside those of the one it extends", () => {
    expect(changes(bad, good)).toBe(
      "loss 0.168 → 0.0021 (×0.0125), reach 34 → 99 of 99, decades −7.4 → −0.2, max ‖∇‖ 4.31 → 4.31, findings 2 warnings +1 → 1 note",
    );
    expect(changes({ ...bad, requiredLag: 50 }, good)).toContain("reach 34 of 50 → 99 of 99");
  });

  it("is shown for runs whose base ran, in lines that fit", () => {
    const lines = againstBase([run("tanh", bad), run("chrono", good, "tanh"), run("x", good, "y")], 60, plain);
    expect(lines[1]).toMatch(/^ {2}chrono against tanh: loss/);
    expect(lines.filter((l) => l.includes("against"))).toHaveLength(1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    expect(againstBase([run("tanh", bad), run("chrono", null, "tanh")], 60, plain)).toEqual([]);
  });
});

it("counts findings from the gravest", () => {
  expect(findingsText({ ...good, errors: 1, warnings: 2 })).toBe("1 error +3");
  expect(findingsText({ ...good, notes: 0 })).toBe("none");
});
