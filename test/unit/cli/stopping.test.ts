import { afterAll, describe, expect, it } from "vitest";
import { endOf } from "../../../src/cli/process/endOf.ts";
import { FatalFilter } from "../../../src/cli/process/fatalFilter.ts";
import { LastWords } from "../../../src/cli/process/lastWords.ts";
import { budget, sampled } from "../../budget.ts";
import { dense, openCli, rnn, tiny } from "./cli.ts";

const cli = openCli();
afterAll(() => cli.dispose());

/** A net whose step takes many seconds, just below the limit of values. */
const slow = tiny(
  { slow: [{ type: "lstm", units: 1500 }, dense] },
  { data: { task: "addingProblem", length: 250, samples: 64 }, training: { batchSize: 64, steps: 4 } },
);

/**
 * `npm run bench` measures how long it takes. If the program waited for the work to end, this test would take minutes.
 */
describe("an interrupt", () => {
  it.each(sampled([300, 1500, 3000, 6000], 3, 1))("after %d ms ends it, whatever is being computed", async (after) => {
    expect(await cli.stop(cli.folder({ "gradlens.json": slow }), [after], "train")).toBe(130);
  });

  it("keeps the report of the steps before one that takes longer", { tags: "thorough" }, async () => {
    const model = tiny(
      { slow: [{ type: "lstm", units: budget(200, 300) }, dense] },
      { data: { task: "addingProblem", length: 250, samples: 64 }, training: { batchSize: 64, steps: 400 } },
    );
    const { code, out } = await cli.interrupt(cli.folder({ "gradlens.json": model }), /step \d/, "train");
    expect(code).toBe(130);
    expect(out).toContain("slow");
  });

  it("may come twice", { tags: "long" }, async () => {
    expect(await cli.stop(cli.folder({ "gradlens.json": slow }), [4000, 4150], "train")).toBe(130);
  });
});

describe("the end of memory", () => {
  it("is reported in words, with the exit code of a failure", { tags: "thorough" }, async () => {
    const folder = cli.folder({ "gradlens.json": tiny({ m: [rnn, dense] }) });
    const args = ["probe", "--steps", "300000", "--json"];
    // With less memory it runs out within a second; with more, only after many steps.
    const { code, out, err } = await cli.limited(`--max-old-space-size=${budget(28, 40)}`, folder, ...args);
    expect(code).toBe(3);
    expect(err).toContain("gradlens: memory ran out");
    expect(err).not.toMatch(/<---|FATAL|0x[0-9a-f]{6}/);
    expect(JSON.parse(out)).toMatchObject({ models: {}, errors: [expect.stringContaining("memory ran out")] });
  });
});

describe("last words on stdout", () => {
  it("are the newest report, unless the process has started to print its own", async () => {
    const words = new LastWords(["train"]);
    expect(await words.interrupted()).toBe("");
    words.hear({ report: "step 1" });
    words.hear({ report: "step 2" });
    words.hear({ report: 3 });
    expect(await words.interrupted()).toBe("step 2");
    words.hear("printing");
    expect([await words.interrupted(), await words.failed("gone")]).toEqual(["", ""]);
  });

  it("are an object of errors for readers of JSON, and a report for those of SARIF", async () => {
    expect(JSON.parse(await new LastWords(["probe", "--json"]).failed("gone"))).toMatchObject({ errors: ["gone"] });
    expect(JSON.parse(await new LastWords(["probe", "--json"]).interrupted())).toMatchObject({
      errors: [expect.stringContaining("interrupted")],
    });
    expect(await new LastWords(["check", "--sarif"]).failed("gone")).toContain('"gone"');
    expect(await new LastWords(["probe"]).failed("gone")).toBe("");
  });
});

describe("V8's last words", () => {
  const last =
    "\n<--- Last few GCs --->\n\n[1:0x1] 5 ms\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n 1: 0xb9";

  it("are removed from the output, in whatever pieces they come", () => {
    for (let size = 1; size < 40; size++) {
      const filter = new FatalFilter();
      let shown = "";
      const all = `m: step 1\n< 5 %\n${last}`;
      for (let at = 0; at < all.length; at += size) shown += filter.push(all.slice(at, at + size));
      shown += filter.end();
      expect(shown.trimEnd()).toBe("m: step 1\n< 5 %");
      expect(endOf(null, "SIGABRT", filter.fatal)).toMatchObject({ code: 3, words: expect.stringContaining("memory") });
    }
  });

  it("are not detected in other text", () => {
    const filter = new FatalFilter();
    expect(filter.push("loss <") + filter.push("--- 3") + filter.push(" <") + filter.end()).toBe("loss <--- 3 <");
    expect(filter.fatal).toBeNull();
  });

  it.each([
    [0, null, null, 0],
    [1, null, null, 1],
    [2, null, null, 2],
    [130, null, null, 130],
    [134, null, null, 3],
    [7, null, null, 3],
    [null, "SIGKILL", null, 3],
    [null, "SIGSEGV", null, 3],
    [null, "SIGINT", null, 130],
  ] as const)("code %s, signal %s", (code, signal, fatal, own) => {
    expect(endOf(code, signal, fatal).code).toBe(own);
  });
});
