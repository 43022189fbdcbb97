import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { niceNumber } from "../../../src/diagnosis/niceNumber.ts";
import { cellOfLag, sparkline } from "../../../src/diagnosis/text/sparklineCharacters.ts";
import { countsText, modelSummary } from "../../../src/diagnosis/text/summary.ts";
import { chain, reaching, syntheticRun, times } from "./syntheticRun.ts";

describe("a task that needs only the last timestep", () => {
  it("is described as such, and so are its layers", () => {
    const spec = { layers: [{ type: "lstm", states: ["h", "c"], timesteps: 20 }], requiredLag: 0 } as const;
    const of = (requiredLagSource: "estimated" | "sequence-length") => {
      const { history, model } = syntheticRun(
        { ...spec, requiredLagSource },
        times(20, () => ({ states: [{ h: chain(20, 0.1) }] })),
      );
      return modelSummary(history, diagnose(history, model));
    };
    const summary = of("estimated");
    expect(summary.reach).toBe("the last timestep is enough: no gradient has to travel back");
    expect(summary.layers[0]?.short).toBe("needs the last timestep only");
    expect(of("sequence-length").reach).toBe("no transport through time to measure");
  });
});

describe("sparkline", () => {
  it("reads backward in time: level for a gradient that survives, falling for vanishing, rising for exploding", () => {
    expect(sparkline(chain(8, 1).logNorm, 8)).toBe("▅▅▅▅▅▅▅▅");
    expect(sparkline(chain(8, 0.3).logNorm, 8)).toBe("▅▄▃▂▁▁▁▁");
    expect(sparkline(chain(8, 4).logNorm, 8)).toBe("▅▆▆▇▇███");
  });

  it("shows the lowest bar exactly below epsilon", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -8, max: 0, noNaN: true }),
        fc.constantFrom(0.1, 0.01, 0.001),
        (decades, epsilon) => {
          const bar = sparkline(Float64Array.of(decades, 0), 2, epsilon)[1];
          expect(bar === "▁").toBe(decades / Math.log10(epsilon) > 1);
        },
      ),
    );
  });

  it("keeps extremes when it has fewer cells than timesteps", () => {
    const logNorm = new Float64Array(100).fill(-9);
    logNorm[99] = 0;
    logNorm[50] = 4;
    expect(sparkline(logNorm, 10)).toBe("▅▁▁▁█▁▁▁▁▁");
    logNorm[0] = Number.NaN;
    logNorm[20] = Number.POSITIVE_INFINITY;
    expect(sparkline(logNorm, 10)).toBe("▅▁▁▁█▁▁✕▁✕");
  });

  it("marks zeros, and starts where the signal does", () => {
    const zero = Number.NEGATIVE_INFINITY;
    expect(sparkline(Float64Array.of(zero, -3, 0), 8)).toBe("▅▁·");
    expect(sparkline(Float64Array.of(-5, -5, zero), 8)).toBe("·▅▅");
    expect(sparkline(Float64Array.of(zero, zero), 8)).toBe("··");
    expect(sparkline(new Float64Array(0), 8)).toBe("");
    expect(sparkline(chain(8, 1).logNorm, 0)).toBe("");
  });

  it("is never wider than requested, and places every lag in the cell that shows it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 60 }), (T, cells) => {
        const lag = (T * 7919) % T;
        for (const k of [0, lag, Math.floor(T / 3), T - 1]) {
          const logNorm = new Float64Array(T).fill(-9);
          logNorm[T - 1] = 0;
          logNorm[T - 1 - k] = k === 0 ? 0 : 5;
          const text = sparkline(logNorm, cells);
          expect(text.length).toBe(Math.min(T, cells));
          expect(text[cellOfLag(k, T, text.length)]).toBe(k === 0 ? text[0] : "█");
        }
      }),
    );
  });
});

it("a threshold is rounded to one that people would write", () => {
  expect([0.2, 0.34, 0.36, 0.8, 3, 40].map(niceNumber)).toEqual([0.2, 0.2, 0.5, 1, 2, 50]);
});

describe("summary", () => {
  it("gives reach and loss in one line", () => {
    const { history, model } = syntheticRun(
      { layers: [{ type: "simpleRNN" }] },
      times(30, () => ({ loss: 0.171, states: [{ h: reaching(100, 34) }] })),
    );
    const summary = modelSummary(history, diagnose(history, model));
    expect(summary.headline).toMatch(
      /^gradient reaches 34 of 99 timesteps · ×[\d.]+ per timestep · loss 0\.171, baseline 0\.167$/,
    );
    expect(summary.layers[0]).toMatchObject({ name: "layer_0", state: "h" });
    expect(summary.layers[0]!.short).toMatch(/^34\/99 · ×/);
    expect(summary.severity).toBe("warning");
    expect(countsText(summary.layers[0]!.findings)).toBe("1 warning");
  });

  it("has words for explosions, NaN, nets without recurrence and runs without a step", () => {
    const of = (...args: Parameters<typeof syntheticRun>) => {
      const { history, model } = syntheticRun(...args);
      return modelSummary(history, diagnose(history, model));
    };
    expect(of({ layers: [{ type: "gru" }] }, [{ states: [{ h: chain(100, 2) }] }]).headline).toMatch(
      /^gradient grows by 29\.8 decades/,
    );
    expect(of({ layers: [{ type: "gru" }] }, [{ states: [{ h: chain(100, 2) }] }]).layers[0]!.short).toBe(
      "+29.8 decades · ×2 per timestep",
    );
    expect(of({ layers: [{ type: "gru" }] }, [{}, { loss: Number.NaN }]).headline).toMatch(
      /^loss is NaN at step 2 · loss /,
    );
    expect(
      of({ layers: [{ type: "gru" }] }, [{ states: [{ h: chain(100, 0.9) }] }, { loss: Number.NaN }]).layers[0]!.short,
    ).toBe("NaN or Infinity at step 2");
    expect(of({ layers: [{ type: "dense" }], baselineLoss: null }, [{ loss: 3 }]).headline).toBe(
      "no recurrent layers · loss 3",
    );
    expect(of({ layers: [{ type: "dense" }] }, []).headline).toBe("not measured yet");
  });
});
