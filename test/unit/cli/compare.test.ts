import { afterAll, describe, expect, it } from "vitest";
import { dense, openCli, rnn, tiny } from "./cli.ts";

const cli = openCli();
afterAll(() => cli.dispose());

describe("gradlens compare", () => {
  it("puts runs of folders and of models side by side, each with its changes", { tags: "thorough" }, async () => {
    const models = { base: { layers: [rnn, dense] }, heir: { extends: "base", training: { batchSize: 8 } } };
    const config = { ...tiny({}), models };
    const folder = cli.folder({ "gradlens.json": config });
    await cli.run(folder, "train", "--steps", "6", "--out", "runs");

    const written = await cli.run(folder, "compare", "runs");
    expect(written.code).toBe(0);
    expect(written.out).toMatch(/^base +6 /m);
    expect(written.out).toMatch(/^└ heir +6 /m);
    expect(written.out).toMatch(/^ {2}heir against base: loss [\d.]+ → [\d.]+ \(×[\d.]+\), reach \d → \d of 4/m);

    const both = await cli.run(
      folder,
      "compare",
      "gradlens.json",
      "runs/base",
      "--model",
      "base",
      "--steps",
      "6",
      "--json",
    );
    expect(both.code).toBe(0);
    const { runs } = JSON.parse(both.out);
    expect(runs.map((r: { name: string; base: string | null }) => [r.name, r.base])).toEqual([
      ["base (gradlens.json)", null],
      ["base (runs/base)", "base (gradlens.json)"],
    ]);
    // The same seeds give the same run.
    expect(runs[1].figures).toEqual(runs[0].figures);
  });

  it("takes written runs in any order of their names, even if one extends a later one", {
    tags: "thorough",
  }, async () => {
    const models = {
      early: { extends: "later", training: { batchSize: 8 } },
      later: { layers: [rnn, dense] },
      other: { layers: [rnn, dense] },
    };
    const folder = cli.folder({ "gradlens.json": { ...tiny({}), models } });
    await cli.run(folder, "train", "--steps", "3", "--out", "runs");
    const { code, out } = await cli.run(folder, "compare", "runs");
    expect(code).toBe(0);
    expect(out).toMatch(/^later +3 /m);
    expect(out).toMatch(/^└ early +3 /m);
    expect(out).toMatch(/^└ other +3 /m);
    expect(out).toContain("early against later: loss");
    expect(out).toContain("other against later: loss");
  });

  it("refuses what it cannot compare", async () => {
    const folder = cli.folder({
      "gradlens.json": tiny({ a: [rnn, dense] }),
      "other/summary.json": { version: 7 },
    });
    for (const [args, message] of [
      [["--steps", "1"], /only one run/],
      [["other"], /was not written by this version/],
      [["nowhere"], /nowhere.*no such file/],
      [["gradlens.json", "nowhere"], /only one .* can be a config/],
      [["--model", "b"], /no model is named "b"/],
    ] as const) {
      const { code, out, err } = await cli.run(folder, "compare", ...args);
      expect([args, code, out]).toEqual([args, 2, ""]);
      expect(err).toMatch(message);
    }
  });
});
