import { afterAll, describe, expect, it } from "vitest";
import { budget } from "../../budget.ts";
import { long } from "../../tier.mts";
import { dense, openCli, tiny } from "./cli.ts";

const cli = openCli();
afterAll(() => cli.dispose());

const weak = { type: "simpleRNN", units: 4, recurrentInitializer: { type: "randomNormal", stddev: 0.01 } };

describe("gradlens verify", () => {
  it("runs every fix from paired seeds, and gives the same answer again", async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ weak: [weak, dense] }) });
    const steps = budget(6, 40);
    const first = await cli.run(folder, "verify", "--steps", String(steps), "--json");
    expect(first.code).toBe(0);
    const { models } = JSON.parse(first.out);
    expect(models.weak).toMatchObject({
      outcome: "verified",
      code: "vanishing-through-time",
      steps,
      complete: true,
    });
    expect(models.weak.seeds).toHaveLength(3);
    // Fixes that three seeds do not decide get more seeds.
    expect(models.weak.present.runs).toBeGreaterThanOrEqual(3);
    const orthogonal = models.weak.fixes.find((f: { title: string }) => /orthogonal/.test(f.title));
    expect(orthogonal.figures.horizon.median).toBeGreaterThan(models.weak.present.horizon.median);
    // That one question has one answer is tested on verify itself.
    if (long) expect(await cli.run(folder, "verify", "--steps", String(steps), "--json")).toEqual(first);
  });

  it("prints the figures of each fix beside the present model's", { tags: "thorough" }, async () => {
    const steps = budget(4, 40);
    const folder = cli.folder({ "gradlens.json": tiny({ weak: [weak, dense] }) });
    const { code, out, err } = await cli.run(folder, "verify", "--steps", String(steps));
    expect(code).toBe(0);
    expect(out).toContain(`3 seeds × ${steps} steps`);
    expect(out).toMatch(/now +\d/);
    expect(out).toMatch(/measured: horizon \d+ → \d+ of 4, loss/);
    expect(err).toMatch(/run 1 of/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("tries the fixes of a model that train refuses", { tags: "thorough" }, async () => {
    const config = {
      data: { file: "x.csv", inputs: ["u", "v"], targets: ["y"] },
      training: {
        batchSize: 16,
        steps: 150,
        loss: "sparseCategoricalCrossentropy",
        optimizer: { type: "adam", learningRate: 0.05 },
      },
      models: { net: { layers: [{ type: "dense", units: 2, activation: "softmax" }] } },
    };
    const rows = Array.from({ length: 64 }, (_, i) => `${(i % 8) / 8 - 0.4},${((3 * i) % 7) / 7},${i % 8 > 3 ? 2 : 1}`);
    const folder = cli.folder({ "gradlens.json": config, "x.csv": `u,v,y\n${rows.join("\n")}\n` });
    expect((await cli.run(folder, "train")).code).toBe(2);
    const { code, out } = await cli.run(folder, "verify", "--steps", String(budget(40, 150)), "--json");
    expect(code).toBe(0);
    const { net } = JSON.parse(out).models;
    expect(net).toMatchObject({ outcome: "verified", code: null, conclusion: { kind: "helps" } });
    const better = net.fixes.filter((f: { verdict: string }) => f.verdict === "better");
    expect(better.map((f: { edits: unknown }) => f.edits)).toContainEqual([
      { path: ["data", "classes"], value: [1, 2] },
    ]);
    const plain = await cli.run(folder, "verify", "--steps", String(budget(4, 20)));
    expect(plain.out).toMatch(/^ {2}what keeps it from being trained: 3 seeds × \d+ steps/m);
    expect(plain.out).toMatch(/measured: cannot be trained → loss/);
  });

  it("refuses anything but a config, like the other commands", async () => {
    const { code, err } = await cli.run(cli.folder({ "gradlens.json": "{" }), "verify");
    expect(code).toBe(2);
    expect(err).toMatch(/gradlens\.json:1:/);
  });
});
