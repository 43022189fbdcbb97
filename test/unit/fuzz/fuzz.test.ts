/** Random inputs of a fixed seed. `npm run fuzz` tries more of them, and others each day. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { budget } from "../../budget.ts";
import { runTarget } from "../../fuzz/runTarget.ts";
import { target } from "../../fuzz/target.ts";
import { targets } from "../../fuzz/targets/index.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-fuzz-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const seed = 16;

/** An eighth in the quick tier, but as many as show how many are accepted. */
const quickOf = (inCi: number): number => (inCi <= 60 ? inCi : Math.max(30, Math.ceil(inCi / 8)));

/** Kinds whose inputs take long. The quick tier has other tests of what they concern. */
const slow: ReadonlySet<string> = new Set([
  "trained configs",
  "saved models and checkpoints",
  "checkpoints to resume from",
  "names of others",
  "indexes of runs",
]);

describe("random inputs", () => {
  for (const one of targets)
    it(`break no promise: ${one.name}`, { tags: slow.has(one.name) ? "thorough" : [] }, async () => {
      const own = path.join(folder, one.name.replace(/\W+/g, "-"));
      fs.mkdirSync(own);
      const report = await runTarget(one, {
        seed,
        cases: budget(quickOf(one.quick), 10 * one.quick, one.quick),
        folder: own,
      });
      expect(report.faults.map(({ message }) => message)).toEqual([]);
    });

  it("are 2,000 in CI, and 370 in the quick tier", () => {
    expect(targets.reduce((sum, { quick }) => sum + quick, 0)).toBe(2000);
    const inQuick = targets.filter(({ name }) => !slow.has(name));
    expect(targets.length - inQuick.length).toBe(slow.size);
    expect(inQuick.reduce((sum, { quick }) => sum + quickOf(quick), 0)).toBe(370);
  });

  it("find a promise that is broken, and make its input small", async () => {
    const broken = target<string>({
      name: "broken",
      share: 1,
      quick: 1,
      accepted: 0,
      inputs: () => fc.string({ maxLength: 50 }),
      open: () => ({
        one: (text) => {
          if (text.includes("a")) throw new TypeError("a");
          return "accepted";
        },
      }),
      shown: (text) => text,
    });
    const { faults } = await runTarget(broken, { seed, cases: 100, folder });
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toMatch(/^TypeError: a\n.*fuzz\.test\.ts/s);
    expect(fs.readFileSync(faults[0]?.file ?? "", "utf8")).toBe("a");
  });

  it("must be accepted often enough", async () => {
    const refusing = target<number>({
      name: "refusing",
      share: 1,
      quick: 1,
      accepted: 0.5,
      inputs: () => fc.nat(9),
      open: () => ({ one: (n) => (n === 0 ? "accepted" : "refused") }),
      shown: String,
    });
    const { faults } = await runTarget(refusing, { seed, cases: 200, folder });
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^only \d+ % of the inputs are accepted; 50 % are needed$/),
    ]);
  });
});
