import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCli, type Cli, dense, tiny } from "./cli.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.dispose());

const weak = { type: "simpleRNN", units: 4, recurrentInitializer: { type: "randomNormal", stddev: 0.01 } };

describe("gradlens verify", () => {
  it("runs every fix from paired seeds, and gives the same answer again", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ weak: [weak, dense] }) });
    const args = ["verify", "--steps", "60", "--json"];
    const first = await cli.run(folder, ...args);
    expect(first.code).toBe(0);
    const { models } = JSON.parse(first.out);
    expect(models.weak).toMatchObject({
      outcome: "verified",
      code: "vanishing-through-time",
      steps: 60,
      complete: true,
    });
    expect(models.weak.seeds).toHaveLength(3);
    // What three seeds do not decide gets more of them.
    expect(models.weak.present.runs).toBeGreaterThanOrEqual(3);
    const orthogonal = models.weak.fixes.find((f: { title: string }) => /orthogonal/.test(f.title));
    expect(orthogonal.figures.horizon.median).toBeGreaterThan(models.weak.present.horizon.median);
    expect((await cli.run(folder, ...args)).out).toBe(first.out);
  });

  it("prints the figures of each fix beside the present ones", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ weak: [weak, dense] }) });
    const { code, out, err } = await cli.run(folder, "verify", "--steps", "60");
    expect(code).toBe(0);
    expect(out).toMatch(/3 seeds × 60 steps/);
    expect(out).toMatch(/now +\d/);
    expect(out).toMatch(/measured: horizon \d+ → \d+ of 4, loss/);
    expect(err).toMatch(/run 1 of/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("refuses what is not a config like the other commands", async () => {
    const { code, err } = await cli.run(cli.folder({ "gradlens.json": "{" }), "verify");
    expect(code).toBe(2);
    expect(err).toMatch(/gradlens\.json:1:/);
  });
});
