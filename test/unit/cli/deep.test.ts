import { afterAll, describe, expect, it } from "vitest";
import { blockGrid, spectrumBars } from "../../../src/cli/report/pictures.ts";
import { dense, openCli, rnn, tiny } from "./cli.ts";

const cli = openCli();
afterAll(() => cli.dispose());

describe("gradlens deep", () => {
  it("reports flow, exponents, matrix and products of the only layer of the only model", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [rnn, dense] }) });
    const { code, out, err } = await cli.run(folder, "deep");
    expect(code).toBe(0);
    expect(out).toMatch(/^a \/ simple_rnn {2}simpleRNN, 4 units, 5 timesteps · fresh · 8 sequences/);
    expect(out).toMatch(/The loss enters at timestep 5 only\./);
    expect(out).toMatch(/along the least stable\s+direction/);
    // Keras's default is orthogonal.
    expect(out).toMatch(/U stretches by between ×1 and ×1; its spectral radius is 1\./);
    expect(out).toMatch(/Over 4 timesteps, \d of 4 directions/);
    expect(err).toMatch(/a: Lyapunov exponents\n/);
  });

  it("draws the flow matrix of a layer that returns sequences", async () => {
    const lstm = { type: "lstm", units: 4, returnSequences: true };
    const layers = [lstm, { type: "flatten" }, dense];
    const { out } = await cli.run(cli.folder({ "gradlens.json": tiny({ a: layers }) }), "deep", "--steps", "2");
    expect(out).toMatch(/after 2 steps/);
    expect(out).toMatch(/\n {4}5 {5}\S\n/);
    expect(out).toMatch(/k = 1 … 5/);
  });

  it("prints one object with --json", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ a: [{ type: "lstm", units: 3 }, dense] }) });
    const { code, out } = await cli.run(folder, "deep", "--json", "--layer", "lstm");
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ version: 1, model: "a", layer: "lstm", units: 3, timesteps: 5, steps: 0 });
    expect(report.flow.lossTimesteps).toEqual([5]);
    expect(report.flow.states.map((s: { name: string; logNorm: unknown[] }) => [s.name, s.logNorm.length])).toEqual([
      ["h", 5],
      ["c", 5],
    ]);
    expect(report.exponents.mean).toHaveLength(6);
    expect(report.products.logSingularValues).toHaveLength(3 * 6);
  });

  it("refuses what it cannot analyse, at its place, and asks for a name if there are several", async () => {
    const dropout = { ...rnn, dropout: 0.5 };
    const folder = cli.folder({ "gradlens.json": tiny({ a: [dropout, dense], b: [dense] }) });
    const refused = await cli.run(folder, "deep", "--model", "a");
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(
      /^gradlens\.json:\d+:\d+: The deep probe cannot analyse "simple_rnn" .*it has dropout/m,
    );
    const several = await cli.run(folder, "deep");
    expect(several.code).toBe(2);
    expect(several.err).toMatch(/several models; name one with --model: a, b/);
  });

  it("stops on an interrupt", { tags: "thorough" }, async () => {
    const big = { type: "lstm", units: 64 };
    const config = tiny({ a: [big, dense] }, { data: { task: "addingProblem", length: 200, samples: 64 } });
    const folder = cli.folder({ "gradlens.json": config });
    const { code, out } = await cli.interrupt(folder, /training/, "deep", "--steps", "100000");
    expect(code).toBe(130);
    expect(out).toBe("");
  });
});

describe("pictures of blocks", () => {
  it("shade a matrix by decades below its largest value, the last timestep on top", () => {
    const columns = [Float64Array.of(3, Number.NEGATIVE_INFINITY), Float64Array.of(-2, 2), Float64Array.of(-9, 1)];
    expect(blockGrid(columns, 10, 10).lines).toEqual(["  ██▓▓", "██░░··"]);
    expect(blockGrid([Float64Array.of(0, -1.5, 5)], 2, 1).lines).toEqual(["████████", "░░░░░░░░"]);
    expect(blockGrid([Float64Array.of(Number.NaN)], 2, 1).lines).toEqual(["✕✕✕✕✕✕✕✕"]);
  });

  it("draw a spectrum from 0 to the larger of 1 and its largest value", () => {
    expect(spectrumBars([1, 0.5, 0], 8)).toBe("█▅▁");
    expect(spectrumBars([4, 1, 1, 0], 2)).toBe("█▃");
  });
});
