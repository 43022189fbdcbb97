/** A checkpoint that somebody has changed is resumed from, or refused in words; it never keeps the engine busy. */

import fs from "node:fs";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import * as z from "zod";
import { dense, openCli, rnn, tiny } from "./cli.ts";

const cli = openCli();
afterAll(() => cli.dispose());

const described = z.looseObject({
  userDefinedMetadata: z.looseObject({
    gradlens: z.looseObject({ resume: z.looseObject({ optimizer: z.looseObject({}), draws: z.array(z.number()) }) }),
  }),
});

it("resumes from losses that are not finite", async () => {
  const config = (epochs: number) =>
    tiny({ m: [rnn, dense] }, { training: { batchSize: 16, epochs, checkpoint: { folder: "kept" } } });
  const folder = cli.folder({ "gradlens.json": config(2) });
  expect((await cli.run(folder, "train", "--backend", "cpu")).code).toBe(0);
  const file = path.join(folder, "kept/m/last/model.json");
  const whole = described.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  whole.userDefinedMetadata.gradlens.resume["best"] = "Infinity";
  whole.userDefinedMetadata.gradlens.resume["epochs"] = { losses: ["NaN", 1], testLosses: [null, "-Infinity"], sum: 0 };
  fs.writeFileSync(file, JSON.stringify(whole));
  fs.writeFileSync(path.join(folder, "gradlens.json"), JSON.stringify(config(3)));
  const { code, err } = await cli.run(folder, "train", "--backend", "cpu", "--resume");
  expect({ code, err }).toMatchObject({ code: 0 });
});

it("takes any number of updates and random numbers that a checkpoint says were made", {
  tags: "thorough",
}, async () => {
  const layers = [{ type: "lstm", units: 2, dropout: 0.3 }, dense];
  const config = (steps: number) =>
    tiny(
      { m: layers },
      { training: { batchSize: 8, steps, optimizer: { type: "adam" }, checkpoint: { folder: "kept" } } },
    );
  const folder = cli.folder({ "gradlens.json": config(2) });
  expect((await cli.run(folder, "train", "--backend", "cpu")).code).toBe(0);
  const file = path.join(folder, "kept/m/last/model.json");
  const whole = described.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  const { resume } = whole.userDefinedMetadata.gradlens;
  expect(resume.draws.some((drawn) => drawn > 0)).toBe(true);
  resume.optimizer["updates"] = Number.MAX_SAFE_INTEGER;
  resume.draws = resume.draws.map(() => Number.MAX_SAFE_INTEGER);
  fs.writeFileSync(file, JSON.stringify(whole));
  fs.writeFileSync(path.join(folder, "gradlens.json"), JSON.stringify(config(4)));
  const { code, err } = await cli.run(folder, "train", "--backend", "cpu", "--resume");
  expect({ code, err }).toMatchObject({ code: 0 });
});
