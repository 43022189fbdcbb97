import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { choose } from "../../runner/choose.ts";
import { runCommand } from "../../runner/command.ts";
import { countIntegration } from "../../runner/integrationStage.ts";
import { nothing, skippedLine, uncountedLine, withExit } from "../../runner/outcome.ts";
import { outcomeOf } from "../../runner/pythonStage.ts";
import { SideOutput } from "../../runner/sideOutput.ts";
import { countVitest } from "../../runner/vitestStage.ts";

describe("the selection of npm test", () => {
  it("is everything, a stage with filters, or the stages of files and folders", () => {
    const all = choose([]);
    expect(Array.isArray(all) && all.map(({ stage }) => stage)).toEqual([
      "lint",
      "types",
      "unit",
      "examples",
      "integration",
      "ui",
      "python",
    ]);
    expect(choose(["unit", "diagnosis"])).toEqual([{ stage: "unit", filters: ["diagnosis"] }]);
    const own = "test/unit/structure/testRunner.test.ts";
    expect(choose([own])).toEqual([{ stage: "unit", filters: [own] }]);
    expect(choose(["test/ui/panel", path.resolve(own), "./test/unit/config"])).toEqual([
      { stage: "unit", filters: [own, "test/unit/config"] },
      { stage: "ui", filters: ["test/ui/panel"] },
    ]);
  });

  it.each(["units", "test/unit/nowhere.test.ts", "src/config", "test/zoo"])(
    "refuses %s, with a message",
    (argument) => {
      expect(choose([argument])).toContain(argument);
    },
  );
});

describe("a command", () => {
  const node = (script: string, progress?: () => unknown) =>
    runCommand(process.execPath, ["-e", script], { silence: 400, ...(progress && { progress }) });

  it("is ended if it makes no progress, with a message", async () => {
    expect(await node("setInterval(() => {}, 1000)")).toBe("hangs: no progress for 0.4 s");
  });

  it("may take any time while it makes progress", async () => {
    let n = 0;
    expect(await node("setTimeout(() => process.exit(3), 1500)", () => n++)).toBe("ended with exit status 3");
  });
});

const file = (status: string, assertionResults: object[], message = "") => ({
  name: "/x/a.test.ts",
  status,
  message,
  assertionResults,
});
const report = (...testResults: object[]) => JSON.stringify({ testResults });

describe("pytest's report", () => {
  it("is counted by test, with the names of those that failed", () => {
    const xml =
      '<testsuites><testsuite><testcase name="a" time="1" /><testcase name="b"><skipped message="no device" /></testcase><testcase name="c"><failure message="x">y</failure></testcase><testcase name="d"><error /></testcase></testsuite></testsuites>';
    expect(outcomeOf(xml)).toEqual({
      passed: 1,
      skipped: { ...nothing, here: 1 },
      failures: ["python: c", "python: d"],
    });
  });

  it("names the tier that runs a test, by the reason that conftest.py gives", () => {
    const skipped = (tier: string) =>
      `<testcase name="${tier}"><skipped type="pytest.skip" message="tier ${tier}">x.py:1: tier ${tier}</skipped></testcase>`;
    expect(outcomeOf(`${skipped("thorough")}${skipped("thorough")}${skipped("long")}`).skipped).toEqual({
      thorough: 2,
      long: 1,
      here: 0,
    });
    expect(fs.readFileSync("python/tests/conftest.py", "utf8")).toContain('reason=f"tier {mark}"');
  });
});

describe("the output of stages beside each other", () => {
  it("is printed by stages, and never while another stage prints", async () => {
    const printed: string[] = [];
    const side = new SideOutput((text) => printed.push(text));
    await side.beside(async () => {
      side.write("a1 ");
      side.write("a2 ");
      side.end();
      side.write("b1 ");
      expect(printed).toEqual([]);
    });
    expect(printed).toEqual(["a1 a2 "]);
    side.write("b2 ");
    side.end();
    side.write("c1 ");
    expect(printed).toEqual(["a1 a2 ", "b1 b2 "]);
    side.all();
    expect(printed.join("")).toBe("a1 a2 b1 b2 c1 ");
  });

  it("is that of the command, to its end", async () => {
    let heard = "";
    const script = "console.log('out'); console.error('err'); process.exitCode = 3";
    const output = (text: string) => {
      heard += text;
    };
    expect(await runCommand(process.execPath, ["-e", script], { output })).toBe("ended with exit status 3");
    expect(heard.trim().split("\n").toSorted()).toEqual(["err", "out"]);
  });
});

describe("the sum that npm test prints", () => {
  it("counts each test once, and skipped tests in neither sum", () => {
    const outcome = countVitest(
      report(
        file("failed", [
          { fullName: "adds", status: "passed", tags: ["thorough"] },
          { fullName: "divides", status: "failed", tags: [] },
          { fullName: "waits", status: "skipped", tags: ["thorough"] },
          { fullName: "waits longer", status: "skipped", tags: ["thorough", "long"] },
          { fullName: "waits for Windows", status: "skipped", tags: [] },
        ]),
      ),
    );
    expect(outcome.passed).toBe(1);
    expect(outcome.skipped).toEqual({ thorough: 1, long: 1, here: 1 });
    expect(outcome.failures).toEqual([expect.stringContaining("divides")]);
  });

  it("says how many tests did not run, and what runs them", () => {
    expect(skippedLine({ thorough: 5, long: 3, here: 2 })).toBe(
      "skipped: 5 run in CI and with `npm run test:long`, 3 run with `npm run test:long` alone, 2 cannot run here",
    );
    expect(skippedLine({ ...nothing, long: 3 })).toBe("skipped: 3 run with `npm run test:long`");
    expect(skippedLine(nothing)).toBeUndefined();
  });

  it("says what is left out without being counted, in each tier that leaves something out", () => {
    expect(uncountedLine("quick")).toBe(
      "not counted as skipped: further cases of tables and further random inputs, which CI and `npm run test:long` take",
    );
    expect(uncountedLine("thorough")).toContain("`npm run test:long` takes");
    expect(uncountedLine("long")).toBeUndefined();
  });

  it("counts a file that could not be loaded as failed, even if none of its tests failed", () => {
    const outcome = countVitest(
      report(file("failed", [], "SyntaxError: x"), file("passed", [{ fullName: "a", status: "passed", tags: [] }])),
    );
    expect(outcome.failures).toEqual([expect.stringContaining("SyntaxError: x")]);
  });

  it("fails a stage that ended badly after its tests passed, once", () => {
    const passed = { passed: 3, failures: [], skipped: nothing };
    expect(withExit(passed, "unit", "exit status 1").failures).toEqual(["unit: exit status 1"]);
    expect(withExit({ ...passed, failures: ["a"] }, "unit", "exit status 1").failures).toEqual(["a"]);
    expect(withExit(passed, "unit", undefined).failures).toEqual([]);
  });

  it("fails a stage without tests", () => {
    expect(withExit(countVitest(report()), "ui", undefined).failures).toEqual(["ui: no test ran"]);
  });

  it("fails if VS Code's extension host died between two tests", () => {
    const partial = JSON.stringify({ complete: false, passed: 5, later: 2, skipped: 1, failures: [] });
    const outcome = countIntegration(partial, "ended with exit status 1");
    expect(outcome.passed).toBe(5);
    expect(outcome.skipped).toEqual({ thorough: 2, long: 0, here: 1 });
    expect(outcome.failures).toHaveLength(1);
  });
});
